"""Who may call an endpoint, and for what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.constructs.s3_location import S3Location
from cdk_epc.permissions import feature_permissions
from cdk_epc.permissions.statements import bucket_and_key
from cdk_epc.rules.call_errors import ARGUMENT_TYPE, GRANT_UNFIT
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.unresolved import is_given, is_list, is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_iam import Grant, IGrantable
    from aws_cdk.aws_s3 import IBucket
    from aws_cdk.interfaces.aws_sagemaker import IInferenceComponentRef

    from cdk_epc.constructs.convert import Location
    from cdk_epc.endpoint.base import EndpointBase

    Component: TypeAlias = IInferenceComponentRef | str


_KINDS: Final = {
    EndpointKind.REAL_TIME: "a real-time endpoint",
    EndpointKind.ASYNCHRONOUS: "an asynchronous endpoint",
    EndpointKind.SERVERLESS: "a serverless endpoint",
    EndpointKind.INFERENCE_COMPONENTS: "an endpoint with inference components",
}


def refuse_kind(endpoint: EndpointBase, call: str, *, is_async: bool) -> None:
    """Refuse a grant for the calls that an endpoint surely does not take.

    Raises:
        EndpointConfigError: It takes only the others.
    """
    hosting = endpoint.hosting
    if hosting is None or (hosting is EndpointKind.ASYNCHRONOUS) is is_async:
        return
    _refuse(
        endpoint,
        call,
        got=_KINDS[hosting],
        allowed="an asynchronous one" if is_async else "one that answers at once",
        fix=f"Call {'grant_invoke' if is_async else 'grant_invoke_async'} instead.",
    )


def refuse_elsewhere(endpoint: EndpointBase, call: str, grantee: IGrantable) -> None:
    """Refuse a grant to somebody of another account: no policy there opens an endpoint here.

    An endpoint has no policy of its own that could let them in, but for inference routers.

    Raises:
        EndpointConfigError: Both accounts are known, and they are two; or it is nobody.
    """
    principal = getattr(grantee, "grant_principal", None)
    if principal is None:
        _refuse(
            endpoint,
            call,
            got=f"{grantee!r} as grantee",
            allowed="somebody (IGrantable): a role, a user, a function",
            fix="Give the construct itself; of an ARN, iam.Role.from_role_arn makes one.",
        )
    theirs = getattr(principal, "principal_account", None)
    if is_given(theirs) and is_given(ours := endpoint.env.account) and theirs != ours:
        _refuse(
            endpoint,
            call,
            got=f"a caller of account {theirs}",
            allowed=f"one of the endpoint's own, {ours}",
            fix="Grant it to a role of this account, and let the caller assume that.",
        )


def refuse_in_vain(endpoint: EndpointBase, call: str, grant: Grant) -> None:
    """Refuse a grant that has come to nothing, for the principal has no policy to change.

    Raises:
        EndpointConfigError: It has.
    """
    if not grant.success:
        _refuse(
            endpoint,
            call,
            got="a principal that has no policy of its own, such as a service or an account",
            allowed="a role, a user, a group, or what has a role",
            fix="Grant it to the role that the caller runs with.",
        )


def refuse_models(endpoint: EndpointBase, models: object) -> None:
    """Refuse models to be named on an endpoint that surely has no several.

    Raises:
        EndpointConfigError: It has none, or these are no names.
    """
    words = "grant_invoke().target_models"
    _refuse_no_list(endpoint, words, models, '["company-a/*"]')
    if models is not None and endpoint.is_multi_model is False:
        _refuse(
            endpoint,
            words,
            got="an endpoint without a multi-model container",
            allowed="one with such a container, for no other call names a model",
            fix="Leave the models out.",
        )


def refuse_components(endpoint: EndpointBase, components: object) -> None:
    """Refuse components to be named on an endpoint that surely has none.

    Raises:
        EndpointConfigError: It has none, or this is no list, or one is of another endpoint.
    """
    words = "grant_invoke().components"
    _refuse_no_list(endpoint, words, components, "[component]")
    hosting = endpoint.hosting
    if components is None:
        return
    if hosting is not None and hosting is not EndpointKind.INFERENCE_COMPONENTS:
        _refuse(
            endpoint,
            words,
            got=_KINDS[hosting],
            allowed=_KINDS[EndpointKind.INFERENCE_COMPONENTS],
            fix="Leave the components out.",
        )
    for index, each in enumerate(components if is_list(components) else ()):
        if not isinstance(each, str) and not has_member(each, "inference_component_ref"):
            violation = Violation(
                path=(),
                got=each,
                must="be a component (IInferenceComponentRef), its name or its ARN",
                fix="Give the component construct itself.",
            )
            raise_call_error(
                ARGUMENT_TYPE, violation, f"{words}[{index}]", construct=endpoint.node.path
            )
        if getattr(each, "endpoint", None) not in {None, endpoint}:
            _refuse(
                endpoint,
                f"{words}[{index}]",
                got="a component of another endpoint",
                allowed="components of this one",
                fix="Grant on the endpoint that hosts it.",
            )


def refuse_place(endpoint: EndpointBase, place: object) -> NoReturn:
    """Refuse what is no place in S3.

    Raises:
        EndpointConfigError: Always.
    """
    violation = Violation(
        path=(),
        got=place,
        must="be an S3Location or an S3 URI",
        fix='Write S3Location(bucket, "requests/") or "s3://bucket/requests/".',
    )
    raise_call_error(
        ARGUMENT_TYPE, violation, "grant_invoke_async().input", construct=endpoint.node.path
    )


def _refuse_no_list(endpoint: EndpointBase, words: str, given: object, example: str) -> None:
    if given is None or is_unresolved(given) or (is_list(given) and given):
        return
    violation = Violation(
        path=(), got=given, must="be a list with something in it", fix=f"Write {example}."
    )
    raise_call_error(ARGUMENT_TYPE, violation, words, construct=endpoint.node.path)


def _refuse(endpoint: EndpointBase, words: str, *, got: str, allowed: str, fix: str) -> NoReturn:
    violation = Violation(path=(), got=Words(got), must=f"be {allowed}", fix=fix)
    raise_call_error(GRANT_UNFIT, violation, words, construct=endpoint.node.path)


INVOKE: Final = "sagemaker:InvokeEndpoint"
STREAM: Final = "sagemaker:InvokeEndpointWithResponseStream"
_INVOKE_ASYNC: Final = "sagemaker:InvokeEndpointAsync"
_TARGET_MODEL: Final = "sagemaker:TargetModel"
_ONE_TOKEN: Final = re.compile(r"\$\{Token\[[^\]]*\]\}")
_WILDCARDS: Final = re.compile(r"[*?]")


class Calling:
    """An endpoint that somebody may be allowed to call."""

    _callers: list[iam.IGrantable]  # of all components, those to come included
    _components: list[Component]

    def _begin_calling(self) -> None:
        """Know neither callers nor components yet; constructors begin with this."""
        self._callers, self._components = [], []

    def grant_invoke_async(
        self,
        grantee: iam.IGrantable,
        *,
        input: Location | None = None,
    ) -> iam.Grant:
        """Allow somebody to put requests into the queue of an asynchronous endpoint.

        A caller puts the request into S3 and names the object, so writing there is allowed, too,
        with the bucket's key if it has one. A request of at most 128,000 bytes can be sent along
        instead. Reading the answer, below the output path, is left to whoever has the bucket.

        Args:
            grantee: Who; of the endpoint's own account, for nobody else can call it directly.
            input: Below which prefix callers put their requests: an `S3Location` or an S3 URI. What
                ``AsyncInference`` was given as ``input_path`` by default; without either nothing
                is allowed in S3.

        Returns:
            The grant to call; what is allowed in S3 stands beside it, in the same policies.

        Raises:
            EndpointConfigError: The endpoint is surely not asynchronous, or this is no place in S3,
                or the grantee is of another account, or has no policy.
        """
        endpoint = self._called
        call = "grant_invoke_async()"
        refuse_kind(endpoint, call, is_async=True)
        refuse_elsewhere(endpoint, call, grantee)
        place = endpoint.async_input if input is None else input
        if place is not None:
            _let_put(grantee, place, endpoint)
        made = _grant(endpoint, grantee, [_INVOKE_ASYNC], [endpoint.endpoint_arn])
        refuse_in_vain(endpoint, call, made)
        return made

    def note_component(self, component: Component) -> None:
        """Let those ask a component who may ask all of them.

        Called for each component that is placed on the endpoint.
        """
        self._components.append(component)
        for each in self._callers:
            arns = [_component_arn(component, self._called)]
            _grant(self._called, each, [INVOKE, STREAM], arns)

    def _grant_invoke(
        self,
        grantee: iam.IGrantable,
        models: Sequence[str] | None,
        components: Sequence[Component] | None,
    ) -> iam.Grant:
        endpoint = self._called
        call = "grant_invoke()"
        refuse_kind(endpoint, call, is_async=False)
        refuse_elsewhere(endpoint, call, grantee)
        refuse_models(endpoint, models)
        refuse_components(endpoint, components)
        if components is None and endpoint.hosting in (EndpointKind.INFERENCE_COMPONENTS, None):
            self._callers.append(grantee)
            components = self._components
        arns = [_component_arn(each, endpoint) for each in components or ()]
        arns = [endpoint.endpoint_arn, *arns]
        # A call for a streamed answer has no member that names a model.
        actions = [INVOKE, STREAM] if models is None else [INVOKE]
        made = _grant(endpoint, grantee, actions, arns, _of_models(models))
        refuse_in_vain(endpoint, call, made)
        return made

    @property
    def _called(self) -> EndpointBase:
        return cast("EndpointBase", self)


def _grant(
    endpoint: EndpointBase,
    grantee: iam.IGrantable,
    actions: Sequence[str],
    arns: Sequence[str],
    conditions: dict[str, Any] | None = None,
) -> iam.Grant:
    # A container may call its own endpoint, which waits for the policy of the container's role.
    if (config := getattr(endpoint, "config", None)) is not None:
        grantee = config.role_permissions.separate_grantee(grantee, endpoint)
    return iam.Grant.add_to_principal(
        grantee=grantee, actions=actions, resource_arns=arns, conditions=conditions
    )


def _of_models(models: Iterable[str] | None) -> dict[str, Any] | None:
    if models is None:
        return None
    names = list(models)
    is_pattern = any(_WILDCARDS.search(name) for name in names)
    return {"StringLike" if is_pattern else "StringEquals": {_TARGET_MODEL: names}}


def _component_arn(component: Component, endpoint: EndpointBase) -> str:
    """The ARN of a component; of its name, as SageMaker writes it there: in lower case."""
    if not isinstance(component, str):
        return component.inference_component_ref.inference_component_arn
    if component.startswith("arn:") or _ONE_TOKEN.fullmatch(component):
        return component
    where = endpoint.env
    return cdk.Stack.of(endpoint).format_arn(
        service="sagemaker",
        account=where.account,
        region=where.region,
        resource="inference-component",
        resource_name=component if is_unresolved(component) else component.lower(),
    )


def _let_put(grantee: iam.IGrantable, place: Location, endpoint: EndpointBase) -> None:
    where = bucket_and_key(place) if isinstance(place, str) else _of_location(place)
    if where is None:
        refuse_place(endpoint, place)
    bucket, prefix = where
    feature_permissions.s3_write(bucket, prefix).grant(
        cast("iam.IRole", grantee)
    )  # it only takes it as a grantee


def _of_location(place: object) -> tuple[IBucket, str] | None:
    return (place.bucket, place.prefix) if isinstance(place, S3Location) else None

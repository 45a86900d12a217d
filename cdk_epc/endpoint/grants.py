"""Grants to callers of an endpoint, and the checks of their arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias, TypeVar, cast
from weakref import WeakKeyDictionary

from aws_cdk import aws_iam as iam

from cdk_epc.constructs.convert import has_wildcard
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.constructs.scope import stack_of
from cdk_epc.permissions import feature_permissions
from cdk_epc.permissions.statements import bucket_and_key
from cdk_epc.rules.call_errors import ARGUMENT_TYPE, GRANT_UNFIT
from cdk_epc.rules.rule import CallError, Violation, Words
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.unresolved import is_list, is_resolved, is_unresolved, known_parts

if TYPE_CHECKING:
    from aws_cdk.aws_iam import Grant, IGrantable
    from aws_cdk.interfaces.aws_sagemaker import IEndpointRef, IInferenceComponentRef
    from constructs import Construct

    from cdk_epc.constructs.convert import S3LocationOrUri
    from cdk_epc.endpoint.base import EndpointBase

    ComponentOrName: TypeAlias = IInferenceComponentRef | str


_Result = TypeVar("_Result")

INVOKE: Final = "sagemaker:InvokeEndpoint"
STREAM: Final = "sagemaker:InvokeEndpointWithResponseStream"
_INVOKE_ASYNC: Final = "sagemaker:InvokeEndpointAsync"
BEARER_CALL: Final = "sagemaker:CallWithBearerToken"
_IMPORTED: Final = "Grants"
_TARGET_MODEL: Final = "sagemaker:TargetModel"
_WILDCARDS: Final = re.compile(r"[*?]")

_GRANT_INVOKE: Final = "grant_invoke()"
_GRANT_INVOKE_ASYNC: Final = "grant_invoke_async()"

_KINDS: Final = {
    EndpointKind.REAL_TIME: "real-time",
    EndpointKind.ASYNCHRONOUS: "asynchronous",
    EndpointKind.SERVERLESS: "serverless",
    EndpointKind.INFERENCE_COMPONENTS: "for inference components",
}


class EndpointGrants:
    """Grants to the callers of one endpoint; see ``endpoint.grants`` and `from_endpoint`.

    A grant on all inference components also covers the components that the app places on the
    endpoint later, so that this object keeps the grantees and the components.
    """

    _by_endpoint: Final[WeakKeyDictionary[EndpointBase, EndpointGrants]] = WeakKeyDictionary()

    def __init__(self, endpoint: EndpointBase) -> None:
        """Create the grants of an endpoint."""
        self._endpoint = endpoint
        self._grantees: list[IGrantable] = []
        self._components: list[ComponentOrName] = []

    @property
    def components(self) -> tuple[ComponentOrName, ...]:
        """Inference components that the app places on the endpoint."""
        return tuple(self._components)

    @classmethod
    def from_endpoint(cls, endpoint: IEndpointRef) -> EndpointGrants:
        """Return the grants of an endpoint, which can be an L1 construct.

        Args:
            endpoint: A `CfnEndpoint`, or any other endpoint.
        """
        from cdk_epc.endpoint.base import EndpointBase  # noqa: PLC0415 - it imports this module
        from cdk_epc.endpoint.imported import ImportedEndpoint  # noqa: PLC0415 - as above

        if isinstance(endpoint, EndpointBase):
            return cls.of(endpoint)
        found = endpoint.node.try_find_child(_IMPORTED)
        if not isinstance(found, ImportedEndpoint):
            scope, arn = cast("Construct", endpoint), endpoint.endpoint_ref.endpoint_arn
            found = ImportedEndpoint(scope, _IMPORTED, endpoint_arn=arn)
        return cls.of(found)

    @classmethod
    def of(cls, endpoint: EndpointBase) -> EndpointGrants:
        """Return the grants of an endpoint of this library."""
        grants = cls._by_endpoint.get(endpoint)
        if grants is None:
            grants = cls._by_endpoint[endpoint] = cls(endpoint)
        return grants

    def invoke(
        self,
        grantee: IGrantable,
        *,
        target_models: Sequence[str] | None = None,
        components: Sequence[ComponentOrName] | None = None,
        bearer_token: bool = False,
    ) -> Grant:
        """Grant permission to send requests to the endpoint, with streamed responses as well.

        Args:
            grantee: Principal that calls the endpoint. It must be in the endpoint's account,
                because SageMaker endpoints have no resource policy.
            target_models: Models of a multi-model endpoint that the grantee may call, as callers
                name them; ``*`` and ``?`` are wildcards. All models by default. With target models
                the grant does not include streamed responses, because such a request cannot name a
                model.
            components: Inference components that the grantee may call: constructs, ARNs or names.
                All components that this app places on the endpoint by default.
            bearer_token: Whether the grantee may call the OpenAI-compatible path of the endpoint,
                for which it signs bearer tokens. The action applies to all endpoints, and each
                call also needs the permission to invoke its endpoint.

        Returns:
            The grant.

        Raises:
            EndpointConfigError: An argument is wrong.
        """
        endpoint = self._endpoint
        _check_kind(endpoint, _GRANT_INVOKE, is_async=False)
        _check_grantee(endpoint, _GRANT_INVOKE, grantee)
        _check_target_models(endpoint, target_models)
        _check_components(endpoint, components)
        if components is None and endpoint.endpoint_kind in (
            EndpointKind.INFERENCE_COMPONENTS,
            None,
        ):
            self._grantees.append(grantee)
            components = self._components
        arns = [_component_arn(each, endpoint) for each in components or ()]
        # InvokeEndpointWithResponseStream has no parameter for a target model.
        actions = [INVOKE, STREAM] if target_models is None else [INVOKE]
        conditions = _target_model_conditions(target_models)
        grant = _grant(endpoint, grantee, actions, [endpoint.endpoint_arn, *arns], conditions)
        _check_success(endpoint, _GRANT_INVOKE, grant)
        if bearer_token:
            grant = grant.combine(_grant(endpoint, grantee, [BEARER_CALL], ["*"]))
        return grant

    def invoke_async(self, grantee: IGrantable, *, input: S3LocationOrUri | None = None) -> Grant:
        """Grant permission to send requests to an asynchronous endpoint.

        A caller uploads the request to S3 and passes the URI of the object. Therefore the grant
        includes writes below the input location, with the KMS key of the bucket if it has one. (A
        request of at most 128,000 bytes can be sent without an object.) The grant does not include
        reads of responses below the output path.

        Args:
            grantee: Principal that calls the endpoint. It must be in the endpoint's account,
                because SageMaker endpoints have no resource policy.
            input: Location of the requests, an `S3Location` or an S3 URI; by default the
                ``input_path`` of the configuration's `AsyncInference`. Without any, nothing is
                granted in S3.

        Returns:
            The grant to call the endpoint.

        Raises:
            EndpointConfigError: An argument is wrong.
        """
        endpoint = self._endpoint
        _check_kind(endpoint, _GRANT_INVOKE_ASYNC, is_async=True)
        _check_grantee(endpoint, _GRANT_INVOKE_ASYNC, grantee)
        location = endpoint.async_input if input is None else input
        if location is not None:
            _grant_upload(endpoint, grantee, location)
        grant = _grant(endpoint, grantee, [_INVOKE_ASYNC], [endpoint.endpoint_arn])
        _check_success(endpoint, _GRANT_INVOKE_ASYNC, grant)
        return grant

    def add_component(self, component: ComponentOrName) -> None:
        """Add an inference component of the endpoint to the grants on all components."""
        self._components.append(component)
        for grantee in self._grantees:
            arns = [_component_arn(component, self._endpoint)]
            _grant(self._endpoint, grantee, [INVOKE, STREAM], arns)


def _grant(
    endpoint: EndpointBase,
    grantee: IGrantable,
    actions: Sequence[str],
    arns: Sequence[str],
    conditions: dict[str, Any] | None = None,
) -> Grant:
    def grant_to(grantee: IGrantable) -> Grant:
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=actions, resource_arns=arns, conditions=conditions
        )

    return _grant_separately(endpoint, grantee, grant_to)


def _grant_separately(
    endpoint: EndpointBase, grantee: IGrantable, grant: Callable[[IGrantable], _Result]
) -> _Result:
    """Grant permissions in a policy on which the endpoint does not depend.

    A container may call its own endpoint. The endpoint depends on the policy of the container's
    role, so the statement, which refers to the endpoint, must not be in that policy.
    """
    if (config := getattr(endpoint, "config", None)) is None:
        return grant(grantee)
    result: _Result = config.role_permissions.grant_separately(grantee, endpoint, grant)
    return result


def _grant_upload(endpoint: EndpointBase, grantee: IGrantable, location: S3LocationOrUri) -> None:
    """Grant to write requests below a location in S3."""
    found = bucket_and_key(location)
    if found is None:
        _raise_argument_error(
            endpoint,
            "grant_invoke_async().input",
            got=location,
            must="be an S3Location or an S3 URI",
            fix='Pass S3Location(bucket, "requests/") or "s3://bucket/requests/".',
        )
    bucket, prefix = found
    # A permission is granted to a role, but uses nothing of it that a grantee lacks.
    permission = feature_permissions.s3_write(bucket, prefix)
    _grant_separately(endpoint, grantee, lambda role: permission.grant(cast("iam.IRole", role)))


def _target_model_conditions(models: Iterable[str] | None) -> dict[str, Any] | None:
    if models is None:
        return None
    names = list(models)
    is_pattern = any(_WILDCARDS.search(name) for name in names)
    return {"StringLike" if is_pattern else "StringEquals": {_TARGET_MODEL: names}}


def _component_arn(component: ComponentOrName, endpoint: EndpointBase) -> str:
    """Return the ARN of a component; of a name in lower case, as SageMaker writes it in ARNs."""
    if not isinstance(component, str):
        return component.inference_component_ref.inference_component_arn
    if component.startswith("arn:") or known_parts(component) == (None,):
        return component
    environment = endpoint.env
    return stack_of(endpoint).format_arn(
        service="sagemaker",
        account=environment.account,
        region=environment.region,
        resource="inference-component",
        resource_name=component if is_unresolved(component) else component.lower(),
    )


def _check_kind(endpoint: EndpointBase, call: str, *, is_async: bool) -> None:
    """Check that an endpoint of a known kind accepts the requests that are granted."""
    kind = endpoint.endpoint_kind
    if kind is None or (kind is EndpointKind.ASYNCHRONOUS) is is_async:
        return
    accepted = "asynchronous endpoints" if is_async else "endpoints with synchronous responses"
    _raise_grant_error(
        endpoint,
        call,
        sentence=f"{call} is for {accepted}; endpoint {endpoint.node.id} is {_KINDS[kind]}",
        fix=f"Call {_GRANT_INVOKE if is_async else _GRANT_INVOKE_ASYNC} instead.",
    )


def _check_grantee(endpoint: EndpointBase, call: str, grantee: IGrantable) -> None:
    """Check that a grantee is in the account of the endpoint, as far as both are known.

    Endpoints have no resource policy that could allow callers of other accounts; only inference
    routers have one.
    """
    principal = getattr(grantee, "grant_principal", None)
    if principal is None:
        _raise_grant_error(
            endpoint,
            call,
            sentence=f"grantee of {call} must be an iam.IGrantable, got {type(grantee).__name__}",
            fix="Pass a role, a user or a function; iam.Role.from_role_arn imports a role.",
        )
    account = getattr(principal, "principal_account", None)
    if is_resolved(account) and is_resolved(own := endpoint.env.account) and account != own:
        _raise_grant_error(
            endpoint,
            call,
            sentence=f"{call} cannot grant to account {account}, because endpoint "
            f"{endpoint.node.id} is in account {own}",
            fix="Grant to a role of the endpoint's account, and let the caller assume the role.",
        )


def _check_success(endpoint: EndpointBase, call: str, grant: Grant) -> None:
    """Check that a grant has changed a policy."""
    if not grant.success:
        _raise_grant_error(
            endpoint,
            call,
            sentence=f"{call} cannot grant to a principal without an identity policy, such as a "
            "service or an account",
            fix="Grant to the role that the caller runs with.",
        )


def _check_target_models(endpoint: EndpointBase, models: object) -> None:
    """Check that target models are a list, and that the endpoint can have several models."""
    argument = "grant_invoke().target_models"
    _check_list(endpoint, argument, models, '["company-a/*"]')
    if models is not None and endpoint.is_multi_model is False:
        _raise_grant_error(
            endpoint,
            argument,
            not_allowed="because the endpoint has no multi-model container",
            fix="Remove target_models.",
        )


def _check_components(endpoint: EndpointBase, components: object) -> None:
    """Check that components are a list of components that the endpoint can host."""
    argument = "grant_invoke().components"
    _check_list(endpoint, argument, components, "[component]")
    if components is None:
        return
    kind = endpoint.endpoint_kind
    if kind is not None and kind is not EndpointKind.INFERENCE_COMPONENTS:
        _raise_grant_error(
            endpoint,
            argument,
            not_allowed=f"because the endpoint is {_KINDS[kind]}",
            fix="Remove components.",
        )
    for index, component in enumerate(components if is_list(components) else ()):
        is_name = isinstance(component, str) and not has_wildcard(component)
        if not is_name and not has_member(component, "inference_component_ref"):
            _raise_argument_error(
                endpoint,
                f"{argument}[{index}]",
                got=component,
                must="be an IInferenceComponentRef, or the name or ARN of one inference component, "
                "without wildcards",
                fix="Pass the InferenceComponent construct itself.",
            )
        if getattr(component, "endpoint", None) not in {None, endpoint}:
            _raise_grant_error(
                endpoint,
                f"{argument}[{index}]",
                not_allowed="because it belongs to another endpoint",
                fix="Call grant_invoke() of the endpoint that hosts the component.",
            )


def _check_list(endpoint: EndpointBase, argument: str, given: object, example: str) -> None:
    if given is None or is_unresolved(given) or (is_list(given) and given):
        return
    _raise_argument_error(
        endpoint,
        argument,
        got=given,
        must="be a list with one item or more",
        fix=f"Pass a list such as {example}, or remove the argument.",
    )


def _raise_argument_error(
    endpoint: EndpointBase, argument: str, *, got: object, must: str, fix: str
) -> NoReturn:
    _raise(endpoint, ARGUMENT_TYPE, argument, Violation(path=(), got=got, must=must, fix=fix))


def _raise_grant_error(
    endpoint: EndpointBase, argument: str, *, sentence: str = "", not_allowed: str = "", fix: str
) -> NoReturn:
    violation = Violation(
        path=(), got=Words("given"), sentence=sentence, not_allowed=not_allowed, fix=fix
    )
    _raise(endpoint, GRANT_UNFIT, argument, violation)


def _raise(
    endpoint: EndpointBase, error: CallError, argument: str, violation: Violation
) -> NoReturn:
    raise_call_error(error, violation, argument, construct=endpoint.node.path)

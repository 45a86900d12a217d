"""Who may call an endpoint, and for what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk_epc.constructs.s3_location import S3Location
from cdk_epc.endpoint.fitting import (
    refuse_components,
    refuse_elsewhere,
    refuse_in_vain,
    refuse_kind,
    refuse_models,
    refuse_place,
)
from cdk_epc.permissions import feature_permissions as needs
from cdk_epc.permissions.statements import bucket_and_key
from cdk_epc.spec import Hosting
from cdk_epc.spec.unresolved import is_unknown

if TYPE_CHECKING:
    from aws_cdk.aws_s3 import IBucket
    from aws_cdk.interfaces.aws_sagemaker import IInferenceComponentRef

    from cdk_epc.constructs.convert import Location
    from cdk_epc.endpoint.base import EndpointBase

    Component: TypeAlias = IInferenceComponentRef | str

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
        if components is None and endpoint.hosting in (Hosting.INFERENCE_COMPONENTS, None):
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
        grantee = config.access.apart(grantee, endpoint)
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
        resource_name=component if is_unknown(component) else component.lower(),
    )


def _let_put(grantee: iam.IGrantable, place: Location, endpoint: EndpointBase) -> None:
    where = bucket_and_key(place) if isinstance(place, str) else _of_location(place)
    if where is None:
        refuse_place(endpoint, place)
    bucket, prefix = where
    needs.writes(bucket, prefix).grant(cast("iam.IRole", grantee))  # it only takes it as a grantee


def _of_location(place: object) -> tuple[IBucket, str] | None:
    return (place.bucket, place.prefix) if isinstance(place, S3Location) else None

"""Conversion of requests and of responses to specs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, Generic, TypeVar

import attrs

from cdk_epc._records import Record
from cdk_epc.rules import Violation, evaluate
from cdk_epc.rules.registry import rules_of
from cdk_epc.rules.requests import unknown_member_violations
from cdk_epc.rules.rule import InputError
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.fields import Path, Spec
from cdk_epc.spec.input_values import require_tree
from cdk_epc.spec.request_type import (
    CREATE_CONFIG,
    PUT_SCHEDULE,
    REGISTER_TARGET,
    RequestType,
)
from cdk_epc.spec.scaling import ScalableTargetSpec, ScheduledAction
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.spec.wire import (
    UnknownMember,
    from_json,
    is_description,
    request_of_description,
    spec_from_json,
)

S_co = TypeVar("S_co", bound=Spec, covariant=True)

_ADDED: Final = frozenset({"inference-component-with-weight", "volume-with-local-storage"})
"""Rules of the weight and the volume size that ``DescribeEndpointConfig`` adds."""

_SCALED_RESOURCE: Final = ("ServiceNamespace", "ResourceId", "ScalableDimension")
ACTION: Final[Path] = ("scheduled_actions", 0)
"""Path of the action of a ``PutScheduledAction`` request in the spec of its target."""


@attrs.frozen(eq=False, repr=False)
class ReadRequest(Record, Generic[S_co]):
    """Request, converted to a spec.

    Attributes:
        spec: Resource of the request.
        unknown_members: Violations of members that the spec cannot hold.
        is_description: Whether the request is a response that describes the resource.
        type: Type of the request.
    """

    spec: S_co
    unknown_members: tuple[tuple[InputError, Violation], ...]
    is_description: bool = False
    type: RequestType = CREATE_CONFIG


def read_request(request: Mapping[str, Any]) -> ReadRequest[EndpointConfigSpec]:
    """Return the spec of a request for a configuration.

    A response is converted without everything that SageMaker added.
    """
    if not is_description(request):
        spec, unknown_members = from_json(request)
        return ReadRequest(spec, _violations(unknown_members))
    spec, unknown_members = from_json(request_of_description(request))
    return ReadRequest(_without_additions(spec), _violations(unknown_members), is_description=True)


def read_any(request: Mapping[str, Any], type_: RequestType) -> ReadRequest[Spec]:
    """Return the spec of a request or a response of any type."""
    if type_ is CREATE_CONFIG:
        return read_request(request)
    if type_ is PUT_SCHEDULE:
        return _read_schedule(request)
    is_response = any(key in request for key in type_.response_only)
    given = request_of_description(request) if is_response else request
    members = {key: value for key, value in given.items() if key not in type_.response_only}
    if type_ is REGISTER_TARGET:
        members.pop("Tags", None)  # a map in the API and a list in CloudFormation
    spec, unknown_members = spec_from_json(type_.spec, members)
    return ReadRequest(spec, _violations(unknown_members), is_response, type_)


def _read_schedule(request: Mapping[str, Any]) -> ReadRequest[ScalableTargetSpec]:
    """Return a scheduled action as that of its target."""
    members = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in request.items()
        if key not in _SCALED_RESOURCE
    }
    action, unknown_members = spec_from_json(ScheduledAction, members)
    scaled = {key: request[key] for key in _SCALED_RESOURCE}
    target, _ = spec_from_json(ScalableTargetSpec, scaled)
    return ReadRequest(
        attrs.evolve(target, scheduled_actions=(action,)),
        _violations(attrs.evolve(each, path=(*ACTION, *each.path)) for each in unknown_members),
        type=PUT_SCHEDULE,
    )


def _violations(
    unknown_members: Iterable[UnknownMember],
) -> tuple[tuple[InputError, Violation], ...]:
    return tuple(unknown_member_violations(unknown_members))


def _without_additions(spec: EndpointConfigSpec) -> EndpointConfigSpec:
    """Return a spec without the members that SageMaker added to the request.

    The request that created the configuration cannot have had them.
    """
    for rule, violation in list(evaluate(spec, rules_of(EndpointConfigSpec))):
        if rule.id not in _ADDED:
            continue
        member, index, name = (str(violation.path[0]), violation.path[1], str(violation.path[2]))
        changed = tuple(
            attrs.evolve(variant, **{name: None}) if place == index else variant
            for place, variant in enumerate(getattr(spec, member))
        )
        change: dict[str, Any] = {member: changed}
        spec = attrs.evolve(spec, **change)
    return spec


def require_mapping(request: object) -> None:
    """Check that a request is a mapping of a size that can be read.

    Raises:
        TypeError: The request is not a mapping.
        ValueError: The request contains itself, or too many values.
    """
    if not is_mapping(request):
        raise TypeError(
            f"request must be a mapping as boto3 accepts it, not {type(request).__name__}"
        )
    require_tree(request, "the request")

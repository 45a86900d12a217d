"""Sources of generated code: templates, and requests or descriptions in the form of a template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.importing.expressions import UnusableSourceError
from cdk_epc.importing.names import UniqueNames, pascal_case
from cdk_epc.requests.conversion import read_request
from cdk_epc.spec.request_type import (
    CREATE_COMPONENT,
    CREATE_CONFIG,
    CREATE_ENDPOINT,
    CREATE_MODEL,
    PUT_ALARM,
    PUT_POLICY,
    PUT_SCHEDULE,
    REGISTER_TARGET,
    RequestType,
    request_type_of,
)
from cdk_epc.spec.unresolved import is_list, is_mapping, items_of
from cdk_epc.spec.wire import described_members, is_description, to_json
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, MODEL, NAME_PROPERTIES
from cdk_epc.templates.context.alarms import ALARM
from cdk_epc.templates.context.scaled_resources import POLICY, TARGET

NAMES: Final[Mapping[str, str]] = {
    **NAME_PROPERTIES,
    POLICY: "PolicyName",
    ALARM: "AlarmName",
}
"""Property with the name of a resource, by type."""

_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    CREATE_MODEL.operation: (MODEL, "Model"),
    CREATE_CONFIG.operation: (CONFIG, "Config"),
    CREATE_ENDPOINT.operation: (ENDPOINT, "Endpoint"),
    CREATE_COMPONENT.operation: (COMPONENT, "Component"),
    REGISTER_TARGET.operation: (TARGET, "Scaling"),
    PUT_POLICY.operation: (POLICY, "Policy"),
    PUT_ALARM.operation: (ALARM, "Alarm"),
}
"""Type of the resource of each operation, and the ending of its logical id."""

_LISTS: Final[Mapping[str, RequestType]] = {
    "ScalableTargets": REGISTER_TARGET,
    "ScalingPolicies": PUT_POLICY,
    "ScheduledActions": PUT_SCHEDULE,
    "MetricAlarms": PUT_ALARM,
}
"""Responses that describe several resources, by the member with the list."""

_TIMES: Final = re.compile(r"(-[0-9]{2,}){3,}$|-?[0-9]{10,}$")
_ARN: Final = re.compile(r"arn:[a-z-]+:sagemaker:([a-z0-9-]+):([0-9]{12}):[a-z-]+/.*")
_OWN_ARNS: Final = ("EndpointArn", "EndpointConfigArn", "InferenceComponentArn", "ModelArn")
_SERVICE_ROLE: Final = "/aws-service-role/"
_FILLED_IN: Final = CREATE_MODEL.response_only | frozenset(
    {
        "AlarmArn",
        "AlarmConfigurationUpdatedTimestamp",
        "Alarms",
        "CompositeAlarms",
        "EvaluationState",
        "PolicyARN",
        "PredictedCapacity",
        "ScalableTargetARN",
        "ScheduledActionARN",
        "StateReason",
        "StateReasonData",
        "StateTransitionedTimestamp",
        "StateUpdatedTimestamp",
        "StateValue",
    }
)
"""Members of responses that no request has."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SourceStack(Record):
    """One stack of a source.

    Attributes:
        name: Name of the stack, from which the name of its class is made.
        origin: Source for the reader, such as a file.
        template: The template.
        notes: Parts of the source that the template does not have.
        region: Region of the deployment; ``None`` if it is unknown.
        account: Account of the deployment; ``None`` if it is unknown.
        is_template: Whether the source is a template, and not a list of requests.
    """

    name: str
    origin: str
    template: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    region: str | None = None
    account: str | None = None
    is_template: bool = True


def stack_of_requests(documents: Iterable[Any], name: str, origin: str) -> SourceStack:
    """Return requests and descriptions as a stack.

    Args:
        documents: Requests, descriptions and lists of these.
        name: Name of the stack.
        origin: Source for the reader.

    Raises:
        UnusableSourceError: A document is neither a request nor a description of a resource that
            belongs to an endpoint.
    """
    builder = _Builder()
    for document in documents:
        for each in document if is_list(document) else [document]:
            builder.add(each)
    return SourceStack(
        name=name,
        origin=origin,
        template={"Resources": builder.resources()},
        notes=tuple(builder.notes),
        region=builder.region,
        account=builder.account,
        is_template=False,
    )


class _Builder:
    """Builder of a template from requests and descriptions."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.region: str | None = None
        self.account: str | None = None
        self._names = UniqueNames()
        self._resources: dict[str, dict[str, Any]] = {}
        self._actions: list[dict[str, Any]] = []
        self._seen: set[tuple[str, str]] = set()

    def add(self, document: Any) -> None:  # noqa: ANN401 - JSON
        """Add a request or a description.

        Raises:
            UnusableSourceError: The document is neither.
        """
        if not is_mapping(document):
            raise UnusableSourceError("a source must be an object or a list of objects")
        for name in _OWN_ARNS:
            if (found := _ARN.fullmatch(str(document.get(name)))) is not None:
                self.region, self.account = found.groups()
        lists = [name for name in _LISTS if is_list(document.get(name))]
        if lists and not {"ResourceId", "EndpointName"} & set(document):
            for name in lists:
                for each in document[name]:
                    self._add(_LISTS[name], self._described(each, name))
        elif "InferenceComponentArn" in document:
            self._add(CREATE_COMPONENT, self._component(document))
        elif "EndpointArn" in document and "EndpointConfigName" in document:
            self._add(CREATE_ENDPOINT, self._endpoint(document))
        elif (type_ := request_type_of(document)) is not None:
            self._add(type_, self._request(document, type_))
        else:
            keys = ", ".join(repr(str(each)) for each in list(document)[:3])
            raise UnusableSourceError(
                "the source has neither a template nor a request or description of an endpoint, "
                f"its models, its components or its scaling; its keys are {keys or 'none'}"
            )

    def resources(self) -> dict[str, Any]:
        """Return the resources, with references between them."""
        targets = {
            _scaled(each["Properties"]): logical_id
            for logical_id, each in self._resources.items()
            if each["Type"] == TARGET
        }
        for action in self._actions:
            scaled = _scaled(action)
            for member in ("ServiceNamespace", "ResourceId", "ScalableDimension"):
                action.pop(member, None)
            if scaled not in targets:
                self.notes.append(
                    f"The scheduled action {action.get('ScheduledActionName')} is left out, "
                    "because its scalable target is not part of the source."
                )
                continue
            properties = self._resources[targets[scaled]]["Properties"]
            properties.setdefault("ScheduledActions", []).append(action)
        for each in self._resources.values():
            properties = each["Properties"]
            if each["Type"] == POLICY and (found := targets.get(_scaled(properties))) is not None:
                for member in ("ServiceNamespace", "ResourceId", "ScalableDimension"):
                    properties.pop(member, None)
                properties["ScalingTargetId"] = {"Ref": found}
        return self._resources

    def _add(self, type_: RequestType, properties: dict[str, Any]) -> None:
        if type_ is PUT_SCHEDULE:
            self._actions.append(properties)
            return
        resource_type, ending = _TYPES[type_.operation]
        if type_ is REGISTER_TARGET and "Tags" in properties:
            del properties["Tags"]
            self.notes.append("Tags of scalable targets are left out.")
        name = properties.get(NAMES.get(resource_type, ""), properties.get("ResourceId"))
        if isinstance(name, str) and resource_type not in {TARGET, POLICY}:
            if (resource_type, name) in self._seen:
                raise UnusableSourceError(f"the source has two resources of the name {name!r}")
            self._seen.add((resource_type, name))
        logical_id = _logical_id(name, ending)
        self._resources[self._names.new(logical_id, "")] = {
            "Type": resource_type,
            "Properties": properties,
        }

    def _request(self, request: Mapping[str, Any], type_: RequestType) -> dict[str, Any]:
        if type_ is CREATE_CONFIG:
            if not is_description(request):
                return _json(request)
            found = to_json(read_request(request).spec)
            return self._without_defaults(request, found, "the configuration")
        if type_ is CREATE_MODEL and not type_.response_only & set(request):
            return _json(request)
        return self._described(request, "the model" if type_ is CREATE_MODEL else type_.operation)

    def _described(self, given: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Return a description as a request."""
        if not is_mapping(given):
            raise UnusableSourceError(f"each item of {name} must be an object")
        if not _FILLED_IN & set(given):
            return _json(given)
        found = _json(described_members(given))
        for member in _FILLED_IN & set(found):
            del found[member]
        for container in (found.get("PrimaryContainer"), *items_of(found.get("Containers"))):
            _drop_defaults(container)
        role = found.get("RoleARN")
        if isinstance(role, str) and _SERVICE_ROLE in role:
            del found["RoleARN"]
        if is_mapping(state := found.get("SuspendedState")) and not any(state.values()):
            del found["SuspendedState"]
        return self._without_defaults(given, found, name)

    def _without_defaults(
        self, given: Mapping[str, Any], found: dict[str, Any], name: str
    ) -> dict[str, Any]:
        if found.get("EnableNetworkIsolation") is False:
            del found["EnableNetworkIsolation"]
        left_out = sorted({".".join(path) for path in _missing(given, found)})
        if left_out:
            self.notes.append(
                f"AWS filled in these values, which the code of {name} leaves out: "
                f"{', '.join(left_out)}."
            )
        return found

    def _endpoint(self, given: Mapping[str, Any]) -> dict[str, Any]:
        found = _members_of(given, "EndpointName", "EndpointConfigName", "Tags")
        return self._without_defaults(given, found, "the endpoint")

    def _component(self, given: Mapping[str, Any]) -> dict[str, Any]:
        found = _members_of(
            given,
            *("InferenceComponentName", "EndpointName", "VariantName"),
            *("Specification", "Specifications", "RuntimeConfig", "Tags"),
        )
        runtime = found.pop("RuntimeConfig", None)
        if is_mapping(runtime) and "DesiredCopyCount" in runtime:
            found["RuntimeConfig"] = {"CopyCount": runtime["DesiredCopyCount"]}
        for each in (found.get("Specification"), *items_of(found.get("Specifications"))):
            _restore_image(each.get("Container") if is_mapping(each) else None)
        return self._without_defaults(given, found, "the component")


def _members_of(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return members of a description, with the last deployment policy as that of a request."""
    members = described_members(given)
    found = {name: members[name] for name in names if name in members}
    if "LastDeploymentConfig" in members:
        found["DeploymentConfig"] = members["LastDeploymentConfig"]
    return _json(found)


def _restore_image(container: Any) -> None:  # noqa: ANN401 - JSON
    """Set the image of a request from that of a description."""
    if is_mapping(container):
        members: Any = container
        image = members.pop("DeployedImage", None)
        if is_mapping(image) and "SpecifiedImage" in image:
            members["Image"] = image["SpecifiedImage"]


def _drop_defaults(container: Any) -> None:  # noqa: ANN401 - JSON
    """Delete the members of a container that SageMaker fills in."""
    if is_mapping(container):
        members: Any = container
        if members.get("Mode") == "SingleModel":
            del members["Mode"]
        if members.get("Environment") == {}:
            del members["Environment"]


def _logical_id(name: Any, ending: str) -> str:  # noqa: ANN401 - JSON
    text = _TIMES.sub("", name) if isinstance(name, str) else ""
    text = text.replace("inference-component/", "").replace("endpoint/", "")
    found = pascal_case(text.replace("/variant/", "-"), ending)
    return found if found.lower().endswith(ending.lower()) else f"{found}{ending}"


def _scaled(properties: Mapping[str, Any]) -> tuple[str, str]:
    return str(properties.get("ResourceId")), str(properties.get("ScalableDimension"))


def _json(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy in which dates are texts."""
    return {str(key): _json_value(each) for key, each in value.items()}


def _json_value(value: Any) -> Any:  # noqa: ANN401 - JSON
    if is_mapping(value):
        return _json(value)
    if is_list(value):
        return [_json_value(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _missing(given: Any, found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:  # noqa: ANN401
    """Yield the paths of members of a description that the request does not have."""
    if is_mapping(given) and is_mapping(found):
        for key, value in given.items():
            if key in found:
                yield from _missing(value, found[key], (*path, str(key)))
            elif value not in (None, "", []):
                yield (*path, str(key))
    elif is_list(given) and is_list(found):
        for value, other in zip(given, found, strict=False):
            yield from _missing(value, other, path)

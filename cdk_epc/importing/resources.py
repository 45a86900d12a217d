"""Resources and other sections of a template, and the references between resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cdk_epc.importing.expressions import UnusableSourceError
from cdk_epc.importing.names import is_logical_id
from cdk_epc.importing.source import NAMES
from cdk_epc.spec.unresolved import is_mapping, objects_in
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, MODEL
from cdk_epc.templates.expressions import function_names

PATH_KEY: Final = "aws:cdk:path"
_OF_CDK: Final = {
    "Parameters": "BootstrapVersion",
    "Rules": "CheckBootstrapVersion",
    "Conditions": "CDKMetadataAvailable",
}
"""Logical id that CDK adds to a section itself."""

TYPED: Final = {
    MODEL: "Model",
    CONFIG: "EndpointConfig",
    ENDPOINT: "Endpoint",
    COMPONENT: "InferenceComponent",
}


def section(template: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a section without the entry that CDK adds itself.

    Raises:
        UnusableSourceError: The section is not a map.
    """
    given = template.get(name)
    if given is None:
        return {}
    if not is_mapping(given):
        raise UnusableSourceError(f"{name} of the template must be a map")
    return {str(key): each for key, each in given.items() if key != _OF_CDK.get(name)}


def resources_of(template: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the resources by logical id.

    Raises:
        UnusableSourceError: There are none, or a resource has no type or no valid logical id.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for logical_id, each in section(template, "Resources").items():
        if not is_logical_id(logical_id):
            if logical_id.startswith("Fn::"):
                raise UnusableSourceError(f"CDK cannot express the loop {logical_id!r}")
            raise UnusableSourceError(f"{logical_id!r} is not a valid logical id")
        if not is_mapping(each) or not isinstance(each.get("Type"), str):
            raise UnusableSourceError(f"the resource {logical_id} has no type")
        if each["Type"] != "AWS::CDK::Metadata":
            found[logical_id] = each
    if not found:
        raise UnusableSourceError("the template has no resources")
    return found


def properties_of(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the properties of a resource; empty if they are not a map."""
    properties = resource.get("Properties")
    return properties if is_mapping(properties) else {}


def construct_path(resource: Mapping[str, Any]) -> str | None:
    """Return the construct path of an L2 without its stack; ``None`` if there is none."""
    metadata = resource.get("Metadata")
    path = metadata.get(PATH_KEY) if is_mapping(metadata) else None
    if not isinstance(path, str) or not path.endswith("/Resource"):
        return None
    return path.removesuffix("/Resource").partition("/")[2] or None


def references_in(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield the logical ids that intrinsic functions in a value refer to."""
    for each in objects_in(value):
        for key, argument in each.items():
            for function, name in function_names(key, argument):
                if function in {"Ref", "Fn::GetAtt"}:
                    yield name


def links(type_: str, properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the names by which a resource refers to others, with their types."""
    if type_ not in TYPED:
        return
    wanted = {"ModelName": MODEL, "ModelNameOverride": MODEL, "EndpointConfigName": CONFIG}
    if type_ == COMPONENT:
        wanted |= {"EndpointName": ENDPOINT, "BaseInferenceComponentName": COMPONENT}
    own = NAMES[type_]
    for each in objects_in({key: value for key, value in properties.items() if key != own}):
        for key, value in each.items():
            if isinstance(value, str) and key in wanted:
                yield value, wanted[key]

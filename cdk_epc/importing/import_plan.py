"""Form of a stack for ``cdk import``: the resources that can be imported, and their identifiers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import attrs

from cdk_epc.catalog.regions import partition_of
from cdk_epc.importing.expressions import UnusableSourceError, attribute_of
from cdk_epc.importing.resources import properties_of, resources_of
from cdk_epc.importing.source import NAMES, SourceStack
from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, MODEL
from cdk_epc.templates.context.alarms import ALARM
from cdk_epc.templates.context.scaled_resources import TARGET

_ARNS: Final = {
    MODEL: ("ModelArn", "model"),
    CONFIG: ("EndpointConfigArn", "endpoint-config"),
    COMPONENT: ("InferenceComponentArn", "inference-component"),
}
"""Identifier of a type that is an ARN, and the resource in the ARN."""

_STEPS: Final = (
    "Commands: deploy an empty stack of this name once, run `cdk diff` to see that it has nothing "
    "but the resources below, save the map of identifiers as import.json, and run `cdk import "
    "--resource-mapping import.json`. After that, `cdk diff` must be empty, and `aws "
    "cloudformation detect-stack-drift` shows differences from the running resources."
)
_ENDPOINT: Final = (
    "CloudFormation cannot import endpoints ({names}). They stay outside of the stack, and the "
    "resources below refer to them by name."
)
_UNSURE: Final = (
    "CloudFormation's list of types that can be imported does not name models and endpoint "
    "configurations. Ask `aws cloudformation describe-type --type RESOURCE --type-name "
    "AWS::SageMaker::Model` for handlers that read and list before you import them."
)
_PHYSICAL: Final = (
    "The source does not contain the identifiers of {names}; `cdk import` asks for them."
)


def importable(source: SourceStack) -> SourceStack:
    """Return a stack of the resources that can be imported, with the commands to run as notes.

    Raises:
        UnusableSourceError: No resource can be imported, or the resources are not valid.
    """
    resources = resources_of(source.template)
    endpoints = {
        logical_id: _name(each)
        for logical_id, each in resources.items()
        if each["Type"] == ENDPOINT
    }
    if unnamed := [logical_id for logical_id, name in endpoints.items() if name is None]:
        raise UnusableSourceError(
            f"the endpoint {unnamed[0]} has no literal name, by which the imported resources "
            "could refer to it; import from descriptions of the running resources"
        )
    names = {logical_id: str(name) for logical_id, name in endpoints.items()}
    kept = {
        logical_id: _with_names(each, names)
        for logical_id, each in resources.items()
        if logical_id not in names
    }
    if not kept:
        raise UnusableSourceError("CloudFormation cannot import any resource of the source")
    notes = [_STEPS]
    if names:
        notes.append(_ENDPOINT.format(names=", ".join(names.values())))
    if any(each["Type"] in {MODEL, CONFIG} for each in kept.values()):
        notes.append(_UNSURE)
    identifiers = {
        logical_id: found
        for logical_id, each in kept.items()
        if (found := _identifier(each, source)) is not None
    }
    if missing := [each for each in kept if each not in identifiers]:
        notes.append(_PHYSICAL.format(names=", ".join(missing)))
    notes += ["import.json:", json.dumps(identifiers, indent=2)]
    template = {**source.template, "Resources": kept}
    template.pop("Outputs", None)
    return attrs.evolve(source, template=template, notes=(*source.notes, *notes))


def _name(resource: Mapping[str, Any]) -> str | None:
    name = properties_of(resource).get(NAMES[resource["Type"]])
    return name if isinstance(name, str) else None


def _identifier(resource: Mapping[str, Any], source: SourceStack) -> dict[str, str] | None:
    """Return the identifier of a resource, as ``cdk import`` takes it; ``None`` if unknown."""
    type_, properties = resource["Type"], properties_of(resource)
    if type_ == TARGET:
        keys = ("ResourceId", "ScalableDimension", "ServiceNamespace")
        found = {key: properties.get(key) for key in keys}
        return {key: str(value) for key, value in found.items()} if _is_known(found) else None
    if type_ == ALARM:
        name = properties.get("AlarmName")
        return {"AlarmName": name} if isinstance(name, str) else None
    if type_ not in _ARNS:
        return None
    member, kind = _ARNS[type_]
    name = _name(resource)
    if name is None:
        return None
    account, region = source.account or "ACCOUNT", source.region or "REGION"
    partition = partition_of(region) or "aws"
    return {member: f"arn:{partition}:sagemaker:{region}:{account}:{kind}/{name.lower()}"}


def _is_known(values: Mapping[str, object]) -> bool:
    return all(isinstance(each, str) for each in values.values())


def _with_names(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """Return a value with names in place of references to endpoints."""
    attribute = attribute_of(value)
    if attribute is not None and attribute[0] in names and attribute[1] == "EndpointName":
        return names[attribute[0]]
    if is_list(value):
        return [_with_names(each, names) for each in value]
    if not is_mapping(value):
        return value
    text = value.get("Fn::Sub")
    if isinstance(text, str):
        for logical_id, name in names.items():
            text = text.replace(f"${{{logical_id}.EndpointName}}", name)
        return {"Fn::Sub": text} if "${" in text else text
    found = {key: _with_names(each, names) for key, each in value.items()}
    if "DependsOn" in found:
        given = found["DependsOn"] if is_list(found["DependsOn"]) else [found["DependsOn"]]
        found["DependsOn"] = [each for each in given if each not in names]
    return found

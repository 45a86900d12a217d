"""Running endpoint as the old app, from the responses of AWS's Describe operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.fields import aws_steps
from cdk_epc.spec.unresolved import is_integer, is_list, is_mapping
from cdk_epc.spec.updates import LiveVariant
from cdk_epc.spec.wire import described_members
from cdk_epc.templates import TemplateInput
from cdk_epc.templates.app import CONFIG, ENDPOINT, MODEL, NAME_PROPERTIES, App
from cdk_epc.templates.context.models import model_names
from cdk_epc.templates.context.scaled_resources import TARGET
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.references import ResourceKey, ResourceRef, named_resource
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.updates.subjects import Live, config_of, config_spec

_KEYS: Final[Mapping[str, str]] = {
    "EndpointArn": ENDPOINT,
    "EndpointConfigArn": CONFIG,
    "ModelArn": MODEL,
    "ScalableTargets": TARGET,
}
"""Type of a response by the member that only this response has."""
_ADDED: Final = frozenset(
    {
        "CreationTime",
        "DeploymentRecommendation",
        "EndpointArn",
        "EndpointConfigArn",
        "ModelArn",
        "ResponseMetadata",
    }
)
"""Members of responses that no template has."""
_ENDPOINT_MEMBERS: Final = ("EndpointName", NAME_PROPERTIES[CONFIG])
_UPDATING: Final = "Updating"


class DescriptionError(ValueError):
    """Responses that describe no endpoint, or one that the new app does not have."""


@attrs.frozen(eq=False, repr=False)
class Described(Record):
    """Running endpoint in the form of an old app.

    Attributes:
        input: Template with the described resources, under the logical ids of the new app.
        live: Facts that no template has.
    """

    input: TemplateInput
    live: Live


def responses_in(data: object) -> list[Mapping[str, Any]] | None:
    """Return the responses in a document: one, a list or a map of them; ``None`` for others."""
    if is_mapping(data) and _type_of(data) is None:
        data = list(data.values())
    items: list[Any] = list(data) if is_list(data) else [data]
    responses = [each for each in items if is_mapping(each) and _type_of(each)]
    return responses if responses and len(responses) == len(items) else None


def _type_of(response: Mapping[str, Any]) -> str | None:
    return next((type_ for key, type_ in _KEYS.items() if key in response), None)


def described(responses: Iterable[Mapping[str, Any]], new: Sequence[TemplateInput]) -> Described:
    """Return the described endpoint as the old app.

    Args:
        responses: Responses to DescribeEndpoint, DescribeEndpointConfig, DescribeModel and
            DescribeScalableTargets.
        new: Templates of the new app.

    Raises:
        DescriptionError: There is not exactly one endpoint, or the new app does not have it.
    """
    by_type: dict[str, list[Mapping[str, Any]]] = {}
    for each in responses:
        by_type.setdefault(str(_type_of(each)), []).append(each)
    endpoints = by_type.get(ENDPOINT, [])
    if len(endpoints) != 1:
        raise DescriptionError(
            "the responses must contain exactly one of DescribeEndpoint; they have "
            f"{len(endpoints) or 'none'}"
        )
    app = App.of(new)
    endpoint, evaluation = _new_endpoint(app, endpoints[0])
    config = config_of(evaluation, endpoint)
    name = evaluation.template.input.name
    resources = dict(_resources(by_type, endpoint, config))
    return Described(
        TemplateInput(template={"Resources": resources}, name=name),
        _live(endpoint, endpoints[0]),
    )


def _new_endpoint(app: App, response: Mapping[str, Any]) -> tuple[str, Evaluation]:
    """Return the endpoint of the new app: that of the name, or the one whose name it may be."""
    name = response.get("EndpointName")
    scenario = scenario_of(app)
    names = {
        (template, logical_id): template.raw_property(logical_id, "EndpointName")
        for template, logical_id in app.of_type(ENDPOINT)
    }
    found = (
        [key for key, own in names.items() if own == name]
        or [key for key, own in names.items() if own is None and f"-{key[1]}-" in f"-{name}-"]
        or [key for key, own in names.items() if not isinstance(own, str)]
    )
    if len(found) != 1:
        raise DescriptionError(
            f"the new app has {len(found) or 'no'} endpoints that may be {name!r}; give the "
            "endpoint its name in the new app"
        )
    ((template, logical_id),) = found
    return logical_id, Evaluation(scenario, template)


def _resources(
    by_type: Mapping[str, list[Mapping[str, Any]]], endpoint: str, config: ResourceRef | None
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the old resources under the logical ids of the new ones."""
    (response,) = by_type[ENDPOINT]
    name = response.get(NAME_PROPERTIES[CONFIG])
    configs = [
        each for each in by_type.get(CONFIG, []) if each.get(NAME_PROPERTIES[CONFIG]) == name
    ]
    properties = {key: response.get(key) for key in _ENDPOINT_MEMBERS}
    if (deployment := response.get("LastDeploymentConfig")) is not None:
        properties["DeploymentConfig"] = described_members(deployment)
    if configs and config is not None:
        attribute = [config.logical_id, NAME_PROPERTIES[CONFIG]]
        properties[NAME_PROPERTIES[CONFIG]] = {"Fn::GetAtt": attribute}
        models = {
            each["ModelName"]: each
            for each in by_type.get(MODEL, [])
            if isinstance(each.get("ModelName"), str)
        }
        known = _model_ids(config, configs[0])
        yield config.logical_id, _resource(CONFIG, _with_references(configs[0], known, models))
        for model_name, model in models.items():
            if model_name in known:
                yield known[model_name], _resource(MODEL, model)
    yield endpoint, {"Type": ENDPOINT, "Properties": properties}
    for response in by_type.get(TARGET, []):
        targets = response.get("ScalableTargets")
        for target in targets if is_list(targets) else ():
            if is_mapping(target):
                kept = ("ResourceId", "ScalableDimension", "ServiceNamespace")
                bounds = ("MinCapacity", "MaxCapacity")
                members = {key: target.get(key) for key in (*kept, *bounds)}
                id_ = f"{target.get('ResourceId')}"
                yield id_, {"Type": TARGET, "Properties": members}


def _resource(type_: str, response: Mapping[str, Any]) -> Mapping[str, Any]:
    members = described_members(response)
    kept = {key: value for key, value in members.items() if key not in _ADDED}
    return {"Type": type_, "Properties": kept}


def _model_ids(config: ResourceRef, response: Mapping[str, Any]) -> dict[str, str]:
    """Return the logical id in the new app of each described model, by the model's name."""
    spec = config_spec(config)
    new: dict[str, ResourceKey] = {}
    for path, value, variant in model_names(spec) if spec is not None else ():
        at = (config.logical_id, aws_steps(path, EndpointConfigSpec))
        found = named_resource(config.evaluation, MODEL, value, at)
        if found is not None and isinstance(variant.variant_name, str):
            new.setdefault(variant.variant_name, found.key)
    variants = response.get("ProductionVariants")
    return {
        each["ModelName"]: new[each["VariantName"]][1]
        for each in (variants if is_list(variants) else ())
        if is_mapping(each)
        and isinstance(each.get("ModelName"), str)
        and isinstance(each.get("VariantName"), str)
        and each.get("VariantName") in new
        and new[each["VariantName"]][0] == config.evaluation.template.index
    }


def _with_references(
    response: Mapping[str, Any], ids: Mapping[str, str], models: Mapping[Any, Any]
) -> Mapping[str, Any]:
    """Return a configuration that refers to its described models."""

    def variant(given: Any) -> Any:  # noqa: ANN401 - JSON
        name = given.get("ModelName") if is_mapping(given) else None
        if not isinstance(name, str) or name not in ids or name not in models:
            return given
        return {**given, "ModelName": {"Fn::GetAtt": [ids[name], "ModelName"]}}

    variants = response.get("ProductionVariants")
    if not is_list(variants):
        return response
    return {**response, "ProductionVariants": [variant(each) for each in variants]}


def _live(endpoint: str, response: Mapping[str, Any]) -> Live:
    live = Live()
    status = response.get("EndpointStatus")
    if response.get("PendingDeploymentSummary") is not None:
        status = _UPDATING
    if isinstance(status, str):
        live.status[endpoint] = status
    variants = response.get("ProductionVariants")
    live.variants[endpoint] = {
        each["VariantName"]: LiveVariant(count=_integer(each.get("DesiredInstanceCount")))
        for each in (variants if is_list(variants) else ())
        if is_mapping(each) and isinstance(each.get("VariantName"), str)
    }
    return live


def _integer(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if is_integer(value) else None

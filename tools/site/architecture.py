"""Diagram of an endpoint in the language of Mermaid, from the template of its stack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

Json = Mapping[str, Any]

_ENDPOINT: Final = "endpoint"
_ALARMS: Final = "alarms"
_INVOKE: Final = re.compile(r"sagemaker:Invoke\w+")
_UNITS: Final = {
    "DesiredInstanceCount": "instances",
    "DesiredCopyCount": "copies",
    "DesiredProvisionedConcurrency": "provisioned environments",
}
"""Unit of each scalable dimension."""
_PREFIX: Final = re.compile(r"/(\w+)/")
_HUB_MODEL: Final = "HF_MODEL_ID"
_OUTPUT: Final = re.compile(r"^PublishOutput(?:Ref|FnGetAtt)(Key|Bucket|Vpc)")
"""Name of an output of the stack with the stateful resources, and the resource in it."""


@attrs.frozen
class _Graph:
    """Lines of a diagram, collected in the order of the picture."""

    nodes: dict[str, str] = attrs.field(factory=dict[str, str])
    edges: list[str] = attrs.field(factory=list[str])

    def add(self, name: str, *lines: str, shape: str = "[]") -> str:
        """Add a node with its lines of text, and return its name."""
        text = "<br>".join(line for line in lines if line)
        self.nodes[name] = f'{name}{shape[: len(shape) // 2]}"{text}"{shape[len(shape) // 2 :]}'
        return name

    def link(self, start: str, end: str, label: str = "", *, dotted: bool = False) -> None:
        """Add an arrow."""
        arrow = "-.->" if dotted else "-->"
        self.edges.append(f"{start} {arrow}{f'|{label}|' if label else ''} {end}")


def diagram(title: str, template: Json) -> str:
    """Return the diagram of a stack with one endpoint.

    Args:
        title: Title for readers who do not see the picture.
        template: Template of the stack.
    """
    resources = _Resources(template["Resources"])
    graph = _Graph()
    [(_, config)] = resources.of("AWS::SageMaker::EndpointConfig")
    [(_, endpoint)] = resources.of("AWS::SageMaker::Endpoint")
    _add_callers(graph, resources)
    graph.add(_ENDPOINT, "Endpoint", *_deployment(endpoint))
    variants = dict(_variants(graph, config))
    _add_models(graph, resources, config, variants)
    components = _add_components(graph, resources, variants)
    _add_scaling(graph, resources, {**variants, **components})
    _add_alarms(graph, resources, endpoint)
    _add_storage(graph, resources, config)
    inside = "".join(f"    {graph.nodes.pop(name)}\n" for name in variants.values())
    nodes = "".join(f"  {node}\n" for node in graph.nodes.values())
    edges = "".join(f"  {edge}\n" for edge in graph.edges)
    return (
        f"flowchart LR\n  accTitle: Architecture of {title}\n{nodes}"
        f'  subgraph config["Endpoint configuration"]\n{inside}  end\n{edges}'
    )


@attrs.frozen
class _Resources:
    """Resources of a template."""

    all: Mapping[str, Json]

    def of(self, type_: str) -> list[tuple[str, Json]]:
        """Return the logical id and the properties of each resource of a type."""
        return [
            (name, each.get("Properties", {}))
            for name, each in self.all.items()
            if each["Type"] == type_
        ]


def _text(value: object) -> str:
    return json.dumps(value)


def _refers_to(value: object, logical_id: str) -> bool:
    return f'"{logical_id}"' in _text(value)


def _plain(logical_id: str) -> str:
    """Return a logical id without the hash at its end."""
    return re.sub(r"(?:[0-9A-F]{8}|[0-9A-F]{8}[0-9a-f]{8})$", "", logical_id)


def _add_callers(graph: _Graph, resources: _Resources) -> None:
    for _, policy in resources.of("AWS::IAM::Policy"):
        actions = sorted(set(_INVOKE.findall(_text(policy["PolicyDocument"]))))
        for role in policy["Roles"]:
            name = _plain(role["Ref"])
            if actions:
                graph.add(_id(name), name, "IAM role", shape="([])")
                is_async = actions == ["sagemaker:InvokeEndpointAsync"]
                label = "invokes asynchronously" if is_async else "invokes"
                graph.link(_id(name), _ENDPOINT, label)


def _id(name: str) -> str:
    # `end` and other words of the language are no names of nodes.
    return "n_" + re.sub(r"\W", "_", name)


def _deployment(endpoint: Json) -> Iterator[str]:
    config = endpoint.get("DeploymentConfig", {})
    if rolling := config.get("RollingUpdatePolicy"):
        yield f"rolling updates, {_size(rolling['MaximumBatchSize'])}"
    routing = config.get("BlueGreenUpdatePolicy", {}).get("TrafficRoutingConfiguration")
    if routing is not None:
        size = routing.get("CanarySize") or routing.get("LinearStepSize")
        kind = routing["Type"].lower().replace("_", " ")
        yield f"{kind} updates" + (f", {_size(size)}" if size else "")


def _size(size: Json) -> str:
    unit = "%" if size["Type"] == "CAPACITY_PERCENT" else "instances"
    return f"{size['Value']} {unit}"


def _variants(graph: _Graph, config: Json) -> Iterator[tuple[str, str]]:
    """Add the variants, and yield the node of each by the name of the variant."""
    production = config["ProductionVariants"]
    total = sum(each.get("InitialVariantWeight", 1) for each in production)
    for each in production:
        share = each.get("InitialVariantWeight", 1) / total
        node = graph.add(_id(each["VariantName"]), each["VariantName"], *_capacity(each))
        graph.link(_ENDPOINT, node, f"{share:.0%}" if len(production) > 1 else "")
        yield each["VariantName"], node
    for each in config.get("ShadowProductionVariants", ()):
        node = graph.add(
            _id(each["VariantName"]), f"{each['VariantName']} (shadow)", *_capacity(each)
        )
        copied = each["InitialVariantWeight"] / total
        graph.link(_ENDPOINT, node, f"copies of {copied:.0%}", dotted=True)
        yield each["VariantName"], node


def _capacity(variant: Json) -> Iterator[str]:
    if serverless := variant.get("ServerlessConfig"):
        yield f"serverless, {serverless['MemorySizeInMB']} MB"
        yield f"{serverless['MaxConcurrency']} concurrent requests"
        if provisioned := serverless.get("ProvisionedConcurrency"):
            yield f"{provisioned} provisioned"
        return
    pools: Sequence[Json] = variant.get("InstancePools") or [variant]
    types = " or ".join(each["InstanceType"] for each in pools)
    yield f"{variant['InitialInstanceCount']} of {types}"
    if managed := variant.get("ManagedInstanceScaling"):
        yield f"{managed['MinInstanceCount']} to {managed['MaxInstanceCount']} instances"


def _add_models(
    graph: _Graph, resources: _Resources, config: Json, variants: Mapping[str, str]
) -> None:
    every = [*config["ProductionVariants"], *config.get("ShadowProductionVariants", ())]
    for logical_id, model in resources.of("AWS::SageMaker::Model"):
        name = _plain(logical_id)
        container = model.get("PrimaryContainer") or model["Containers"][0]
        node = graph.add(f"model_{name}", *dict.fromkeys(("Model", name)), _hub_model(container))
        for each in every:
            if _refers_to(each, logical_id):
                graph.link(variants[each["VariantName"]], node)


def _hub_model(container: Json) -> str:
    return str(container.get("Environment", {}).get(_HUB_MODEL, ""))


def _add_components(
    graph: _Graph, resources: _Resources, variants: Mapping[str, str]
) -> dict[str, str]:
    """Add the inference components, and return the node of each by its logical id."""
    found: dict[str, str] = {}
    for logical_id, component in resources.of("AWS::SageMaker::InferenceComponent"):
        specification = component["Specification"]
        compute = specification["ComputeResourceRequirements"]
        found[logical_id] = graph.add(
            _id(_plain(logical_id)),
            "Inference component",
            _plain(logical_id),
            _hub_model(specification["Container"]),
            f"{compute['NumberOfAcceleratorDevicesRequired']} accelerators, "
            f"{compute['MinMemoryRequiredInMb']} MB",
        )
        graph.link(variants[component["VariantName"]], found[logical_id])
    return found


def _add_scaling(graph: _Graph, resources: _Resources, scaled: Mapping[str, str]) -> None:
    """Add the scalable targets.

    Args:
        graph: Diagram.
        resources: Resources of the template.
        scaled: Node of each variant by its name, and of each component by its logical id.
    """
    policies = resources.of("AWS::ApplicationAutoScaling::ScalingPolicy")
    for logical_id, target in resources.of("AWS::ApplicationAutoScaling::ScalableTarget"):
        resource = _text(target["ResourceId"])
        unit = _UNITS[target["ScalableDimension"].rpartition(":")[2]]
        tracked = [_tracked(each) for _, each in policies if _refers_to(each, logical_id)]
        bounds = f"{target['MinCapacity']} to {target['MaxCapacity']} {unit}"
        for name, node in scaled.items():
            if f"/variant/{name}" in resource or f'"{name}"' in resource:
                scaling = f"scaling_{node}"
                graph.add(scaling, "Auto scaling", bounds, *filter(None, tracked))
                graph.link(scaling, node, dotted=True)


def _tracked(policy: Json) -> str:
    """Return the target of a policy for target tracking."""
    tracking = policy.get("TargetTrackingScalingPolicyConfiguration")
    if tracking is None:
        return ""
    predefined = tracking.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    metric = predefined or tracking["CustomizedMetricSpecification"]["MetricName"]
    name = re.sub(r"^SageMaker(?:Variant|InferenceComponent)|HighResolution$", "", metric)
    words = re.sub(r"(?<!^)([A-Z])", r" \1", name).lower()
    return f"target: {tracking['TargetValue']:g} {words}"


def _add_alarms(graph: _Graph, resources: _Resources, endpoint: Json) -> None:
    alarms = resources.of("AWS::CloudWatch::Alarm")
    graph.add(_ALARMS, f"{len(alarms)} alarms", "1 dashboard", shape="[()]")
    graph.link(_ENDPOINT, _ALARMS, "metrics", dotted=True)
    config = endpoint.get("DeploymentConfig", {})
    if rollback := config.get("AutoRollbackConfiguration", {}).get("Alarms"):
        graph.link(_ALARMS, _ENDPOINT, f"{len(rollback)} roll back", dotted=True)


def _add_storage(graph: _Graph, resources: _Resources, config: Json) -> None:
    """Add the topics and the stateful resources of the other stack."""
    for logical_id, _ in resources.of("AWS::SNS::Topic"):
        name = _plain(logical_id)
        graph.add(_id(name), name, "SNS topic", shape="([])")
        graph.link(_ENDPOINT, _id(name), "notifies", dotted=True)
    kinds = {"Bucket": "S3 bucket", "Key": "KMS key", "Vpc": "VPC, private subnets"}
    labels = {"Bucket": _written(config), "Key": "encrypts with", "Vpc": "runs in"}
    for kind in sorted(_imported(config)):
        graph.add(kind.lower(), kinds[kind], shape="[()]")
        graph.link(_ENDPOINT, kind.lower(), labels[kind], dotted=True)


def _imported(value: object) -> Iterator[str]:
    """Yield the kinds of the resources of the other stack that a value refers to."""
    found: set[str] = set()
    for name in re.findall(r'"OutputName": "(\w+)"', _text(value)):
        if match := _OUTPUT.match(name):
            found.add(match[1])
    yield from found


def _written(config: Json) -> str:
    """Return the prefixes in the bucket that the endpoint writes."""
    places = [config.get("DataCaptureConfig", {}), config.get("AsyncInferenceConfig", {})]
    return ", ".join(dict.fromkeys(_PREFIX.findall(_text(places))))

"""Rules of instance pools: priorities, instance types, models and routing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog import instances
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    EndpointConfigSpec,
    InstancePool,
    Path,
    ProductionVariant,
    RoutingConfig,
    RoutingStrategy,
)
from cdk_epc.spec.unresolved import is_integer, is_resolved, is_unresolved, items_of

_GUIDE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html"
)
_POOL: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InstancePool.html"
_SAMPLES: Final = (
    "https://github.com/aws-samples/sagemaker-genai-hosting-examples/tree/main/03-features/"
    "capacity-aware-instance-pool"
)


def _variants_with_pools(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ProductionVariant]]:
    """Yield each variant with pools; serverless-with-instances reports those of serverless ones."""
    for path, variant in spec.variants():
        if variant.instance_pools is not None and variant.serverless_config is None:
            yield path, variant


def _pools(spec: EndpointConfigSpec) -> Iterator[list[tuple[Path, InstancePool]]]:
    """Yield the known pools of each variant with their paths."""
    for path, variant in _variants_with_pools(spec):
        yield [
            ((*path, "instance_pools", index), pool)
            for index, pool in enumerate(items_of(variant.instance_pools))
            if isinstance(pool, InstancePool)
        ]


@rule(
    id="pool-with-instance-type",
    title="A variant must not have both an instance type and instance pools",
    why="SageMaker refuses the request with a validation error.",
    fix="Make the instance type one of the pools, or remove the pools.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("instance_pools",),
    eager=True,
    facts=("POOL.XOR_TYPE", "SRV.COMPUTE_REQUIRED"),
)
def pool_with_instance_type(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in spec.variants():
        if is_resolved(variant.instance_pools) and is_resolved(variant.instance_type):
            yield Violation(
                path=(*path, "instance_type"),
                got=variant.instance_type,
                not_allowed="because the variant has instance pools",
                fix="Make the instance type one of the pools, or remove the pools.",
            )


@rule(
    id="pool-priorities-repeated",
    title="Instance pools of a variant should have different priorities",
    why="SageMaker tries the pools in the order of their priorities; the order of equal ones is "
    "not defined.",
    fix="Number the pools in the order in which SageMaker should try them.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    requires=("instance_pools",),
    severity=Severity.WARNING,
    eager=True,
    facts=("POOL.PRIORITY_UNIQUE",),
)
def pool_priorities_repeated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for pools in _pools(spec):
        seen: set[int] = set()
        for path, pool in pools:
            if not is_integer(pool.priority):
                continue
            if pool.priority in seen:
                yield Violation(
                    path=(*path, "priority"),
                    got=pool.priority,
                    must="differ from the priority of every other pool of the variant",
                    fix="Number the pools in the order in which SageMaker should try them.",
                )
            seen.add(pool.priority)


@rule(
    id="pool-types-repeated",
    title="Instance pools of a variant should have different instance types",
    why="If one pool finds no capacity for a type, a second pool of that type finds none either.",
    fix="Remove the second pool of the type.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    requires=("instance_pools",),
    severity=Severity.WARNING,
    eager=True,
    facts=("POOL.TYPE_UNIQUE",),
)
def pool_types_repeated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for pools in _pools(spec):
        seen: set[str] = set()
        for path, pool in pools:
            name = pool.instance_type
            if not isinstance(name, str) or is_unresolved(name):
                continue
            if name in seen:
                yield Violation(
                    path=(*path, "instance_type"),
                    got=name,
                    must="differ from the instance type of every other pool of the variant",
                    fix="Remove the second pool of the type.",
                )
            seen.add(name)


@rule(
    id="pool-single",
    title="A variant with instance pools should have at least two",
    why="A single pool has no fallback and is no more than an instance type.",
    fix="Add a pool, or set the instance type of the variant instead.",
    evidence=Evidence.INFERRED,
    source_url=_POOL,
    requires=("instance_pools",),
    severity=Severity.WARNING,
    eager=True,
    facts=("POOL.MIN_TWO",),
)
def pool_single(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in _variants_with_pools(spec):
        pools = items_of(variant.instance_pools)
        if len(pools) == 1 and isinstance(pools[0], InstancePool):
            yield Violation(
                path=(*path, "instance_pools"),
                got=Words("1 pool"),
                must="have at least two because a single pool has no fallback",
                fix="Add a pool, or set `instance_type` of the variant instead.",
                python_fix="Add a pool, or pass its instance type instead of the list.",
            )


@rule(
    id="pool-override-without-model",
    title="An instance pool should only override the model of a variant that has one",
    why="A variant without a model hosts inference components, and these choose their model for "
    "each instance type.",
    fix="Set the model of the variant, or remove the override.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    requires=("instance_pools",),
    severity=Severity.WARNING,
    eager=True,
    facts=("POOL.OVERRIDE_MODEL",),
)
def pool_override_without_model(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in _variants_with_pools(spec):
        if variant.model_name is not None:
            continue
        for index, pool in enumerate(items_of(variant.instance_pools)):
            if isinstance(pool, InstancePool) and is_resolved(pool.model_name_override):
                yield Violation(
                    path=(*path, "instance_pools", index, "model_name_override"),
                    got=pool.model_name_override,
                    not_allowed="because the variant has no model to override",
                    fix="Set the model of the variant, or remove `model_name_override`. Inference "
                    "components have a specification for each instance type.",
                )


def _platform(name: object) -> str | None:
    """Return the architecture and accelerator of an instance type; ``None`` for unknown types."""
    if not isinstance(name, str):
        return None
    known = instances.InstanceType.of(name)
    if known.architecture is None:
        return None
    accelerator = f"with {known.accelerator.kind}" if known.accelerator else "without accelerator"
    return f"{known.architecture} {accelerator}"


@rule(
    id="pool-platforms-mixed",
    title="Instance pools that share a model should have one platform",
    why="A container image is built for one CPU architecture, and a model for one kind of "
    "accelerator.",
    fix="Set ModelNameOverride for the pool of the other platform.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    requires=("instance_pools",),
    severity=Severity.WARNING,
    eager=True,
    facts=("POOL.ARCH_MIX",),
)
def pool_platforms_mixed(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for pools in _pools(spec):
        known = [
            (path, pool.instance_type, platform)
            for path, pool in pools
            if pool.model_name_override is None and (platform := _platform(pool.instance_type))
        ]
        for path, name, platform in known[1:]:
            if platform != (first := known[0][2]):
                yield Violation(
                    path=(*path, "instance_type"),
                    got=name,
                    must=f"have the platform of the first pool ({first}), which has the same model",
                    fix="Set `model_name_override` for this pool, or use another instance type.",
                )


@rule(
    id="pool-routing-random",
    title="A variant with instance pools should route by outstanding requests",
    why="Random routing, the default, sends as many requests to the weakest instances as to the "
    "strongest.",
    fix="Use the routing strategy LEAST_OUTSTANDING_REQUESTS.",
    evidence=Evidence.INFERRED,
    source_url=_SAMPLES,
    requires=("instance_pools",),
    severity=Severity.WARNING,
    facts=("POOL.LOR",),
)
def pool_routing_random(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.async_inference_config is not None:
        return  # the instances of an asynchronous endpoint get their requests from a queue
    for path, variant in _variants_with_pools(spec):
        routing: object = variant.routing_config
        strategy = routing.routing_strategy if isinstance(routing, RoutingConfig) else None
        is_random = routing is None or strategy == RoutingStrategy.RANDOM
        if is_random and len(items_of(variant.instance_pools)) > 1:
            yield Violation(
                path=(*path, "routing_config", "routing_strategy"),
                got=strategy,
                must="be LEAST_OUTSTANDING_REQUESTS because the pools differ in capacity",
                fix="Set `routing_strategy` to LEAST_OUTSTANDING_REQUESTS.",
                python_fix="Pass routing=Routing.least_outstanding_requests().",
            )


RULES: Final = (
    pool_with_instance_type,
    pool_priorities_repeated,
    pool_types_repeated,
    pool_override_without_model,
    pool_platforms_mixed,
)
PEDANTIC: Final = (pool_single, pool_routing_random)
"""Rules of the pack `pedantic`."""

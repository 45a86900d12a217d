"""Rules of instance pools: their order, their types and what goes with them."""

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
from cdk_epc.spec.unresolved import (
    is_integer,
    is_resolved,
    is_unresolved,
    items_of,
)

_GUIDE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html"
)
_POOL: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InstancePool.html"
_SAMPLES: Final = (
    "https://github.com/aws-samples/sagemaker-genai-hosting-examples/tree/main/03-features/"
    "capacity-aware-instance-pool"
)


def _pooled(spec: EndpointConfigSpec) -> Iterator[tuple[Path, ProductionVariant]]:
    for path, variant in spec.variants():
        if variant.instance_pools is not None and variant.serverless_config is None:
            yield path, variant


def _pools(spec: EndpointConfigSpec) -> Iterator[list[tuple[Path, InstancePool]]]:
    """The pools that are known of each variant, with their places."""
    for path, variant in _pooled(spec):
        yield [
            ((*path, "instance_pools", index), pool)
            for index, pool in enumerate(items_of(variant.instance_pools))
            if isinstance(pool, InstancePool)
        ]


@rule(
    id="pool-priorities-repeated",
    title="Pools of a variant have different priorities",
    why="They are tried in the order of their priorities, and two of the same have none.",
    fix="Number the pools in the order in which they are to be tried.",
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
                    must="be a priority that no other pool of the variant has",
                    fix="Number the pools in the order in which they are to be tried.",
                )
            seen.add(pool.priority)


@rule(
    id="pool-types-repeated",
    title="Pools of a variant have different instance types",
    why="Where one pool of a type finds no capacity, a second one finds none either.",
    fix="Take the second pool of that type out.",
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
                    must="be a type that no other pool of the variant has",
                    fix="Take the second pool of that type out.",
                )
            seen.add(name)


@rule(
    id="pool-single",
    title="A variant with pools has at least two",
    why="A single pool is an instance type, and leaves nothing to fall back on.",
    fix="Add a pool, or give the type as the variant's instance type.",
    evidence=Evidence.INFERRED,
    source_url=_POOL,
    requires=("instance_pools",),
    severity=Severity.WARNING,
    eager=True,
    facts=("POOL.MIN_TWO",),
)
def pool_single(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in _pooled(spec):
        pools = items_of(variant.instance_pools)
        if len(pools) == 1 and isinstance(pools[0], InstancePool):
            yield Violation(
                path=(*path, "instance_pools"),
                got=Words("one pool"),
                must="be two pools or more, so that there is one to fall back on",
                fix="Add a pool, or give its type as InstanceType.",
            )


@rule(
    id="pool-override-without-model",
    title="A pool overrides the model of a variant that has one",
    why="Without a model the variant hosts inference components, which say for each type what "
    "they run.",
    fix="Name the variant's model, or take the override out.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    requires=("instance_pools",),
    severity=Severity.WARNING,
    eager=True,
    facts=("POOL.OVERRIDE_MODEL",),
)
def pool_override_without_model(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in _pooled(spec):
        if variant.model_name is not None:
            continue
        for index, pool in enumerate(items_of(variant.instance_pools)):
            if isinstance(pool, InstancePool) and is_resolved(pool.model_name_override):
                yield Violation(
                    path=(*path, "instance_pools", index, "model_name_override"),
                    got=pool.model_name_override,
                    not_allowed="because the variant has no model that it could replace",
                    fix="Name the variant's model; for inference components, give each type a "
                    "specification on the component.",
                )


def _platform(name: object) -> str | None:
    """What a container must be built for to run on a type, if the catalogue knows the type."""
    if not isinstance(name, str):
        return None
    known = instances.InstanceType.of(name)
    if known.architecture is None:
        return None
    kind = f"with {known.accelerator.kind}" if known.accelerator else "without accelerator"
    return f"{known.architecture} {kind}"


@rule(
    id="pool-platforms-mixed",
    title="Pools that share a model run on one platform",
    why="An image is built for one architecture, and a model for one kind of accelerator.",
    fix="Give the odd pool a model of its own with ModelNameOverride.",
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
                    must=f"be {first}, as the first pool has, or a model of its own",
                    fix="Give the pool a ModelNameOverride, or take another type.",
                )


@rule(
    id="pool-routing-random",
    title="A variant with pools routes by outstanding requests",
    why="By chance, which is the default, the weakest instances get as many requests as the "
    "strongest.",
    fix="Take the strategy LEAST_OUTSTANDING_REQUESTS.",
    evidence=Evidence.INFERRED,
    source_url=_SAMPLES,
    requires=("instance_pools",),
    severity=Severity.WARNING,
    facts=("POOL.LOR",),
)
def pool_routing_random(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.async_inference_config is not None:
        return  # its requests wait in a queue
    for path, variant in _pooled(spec):
        routing: object = variant.routing_config
        strategy = routing.routing_strategy if isinstance(routing, RoutingConfig) else None
        is_random = routing is None or strategy == RoutingStrategy.RANDOM
        if is_random and len(items_of(variant.instance_pools)) > 1:
            yield Violation(
                path=(*path, "routing_config", "routing_strategy"),
                got=strategy,
                must="be LEAST_OUTSTANDING_REQUESTS because the pools differ in what they can take",
                fix="Take LEAST_OUTSTANDING_REQUESTS.",
            )


RULES: Final = (
    pool_priorities_repeated,
    pool_types_repeated,
    pool_single,
    pool_override_without_model,
    pool_platforms_mixed,
    pool_routing_random,
)

"""Rules of where routing by content has an effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import (
    EndpointConfigSpec,
    ManagedInstanceScaling,
    ManagedInstanceScalingStatus,
    ProductionVariant,
    RoutingConfig,
    RoutingStrategy,
)
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.unresolved import is_integer, is_resolved

_PREFIX: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PrefixAwareRoutingConfig.html"
)
_ROUTING: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_ProductionVariantRoutingConfig.html"
)
_BY_CONTENT: Final = frozenset({RoutingStrategy.PREFIX_AWARE, RoutingStrategy.KV_AWARE})


def _strategy(variant: ProductionVariant) -> str | None:
    routing = variant.routing_config
    return routing.routing_strategy if isinstance(routing, RoutingConfig) else None


@rule(
    id="routing-not-real-time",
    title="Routing by content is for real-time endpoints",
    why="It is described for them alone; an asynchronous endpoint takes its requests from a queue.",
    fix="Take another strategy.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PREFIX,
    requires=("async_inference_config", "routing_config"),
    severity=Severity.WARNING,
    eager=True,
    facts=("RTE.PREFIX_REALTIME",),
)
def routing_not_real_time(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if not is_resolved(spec.async_inference_config):
        return
    for path, variant in spec.variants():
        strategy = _strategy(variant)
        if isinstance(strategy, str) and strategy in _BY_CONTENT:
            yield Violation(
                path=(*path, "routing_config", "routing_strategy"),
                got=strategy,
                must="be LEAST_OUTSTANDING_REQUESTS or RANDOM because the endpoint is asynchronous",
                fix="Take another strategy, or answer within the call.",
            )


def _may_grow(variant: ProductionVariant) -> bool:
    """Whether managed scaling may add instances, for all that is known."""
    scaling = variant.managed_instance_scaling
    if not isinstance(scaling, ManagedInstanceScaling):
        return scaling is not None
    most = scaling.max_instance_count
    is_on = scaling.status != ManagedInstanceScalingStatus.DISABLED
    return is_on and (not is_integer(most) or most > 1)


@rule(
    id="prefix-aware-single-instance",
    title="Prefix-aware routing has two instances to choose from",
    why="SageMaker applies it only when two or more instances can serve the request.",
    fix="Begin with two instances, or let the variant scale.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROUTING,
    about=(ConfigContext,),
    requires=("routing_config",),
    severity=Severity.WARNING,
    facts=("RTE.PREFIX_ONE_INSTANCE",),
)
def prefix_aware_single_instance(place: ConfigContext) -> Iterator[Violation]:
    for path, variant in place.config.variants():
        count = variant.initial_instance_count
        if (
            _strategy(variant) == RoutingStrategy.PREFIX_AWARE
            and is_integer(count)
            and count == 1
            and path not in place.scalable_targets
            and not _may_grow(variant)
        ):
            yield Violation(
                path=(*path, "initial_instance_count"),
                got=count,
                must="be 2 or more because requests are routed by their prefix",
                fix="Begin with two instances, let the variant scale, or take another strategy.",
            )


RULES: Final = (
    routing_not_real_time,
    prefix_aware_single_instance,
)

"""Rules of routing strategies and their settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    EndpointConfigSpec,
    ManagedInstanceScaling,
    ManagedInstanceScalingStatus,
    Path,
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
"""Strategies that route a request by its content."""


def _routing(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ProductionVariant, RoutingConfig]]:
    """Yield each routing configuration with its path and its variant."""
    for path, variant in spec.variants():
        if isinstance(variant.routing_config, RoutingConfig):
            yield (*path, "routing_config"), variant, variant.routing_config


@rule(
    id="prefix-aware-settings-missing",
    title="Prefix-aware routing must have a prefix length and a concurrency threshold",
    why="SageMaker requires both with the strategy PREFIX_AWARE.",
    fix="Set the prefix length and the concurrency threshold, or use another routing strategy.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PREFIX,
    requires=("routing_config",),
    eager=True,
    facts=("RTE.PREFIX_REQUIRED",),
)
def prefix_aware_settings_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, routing in _routing(spec):
        if routing.routing_strategy != RoutingStrategy.PREFIX_AWARE:
            continue
        settings = routing.prefix_aware_routing_config
        for name, values in (
            ("prefix_length", "1024 to 65536 characters"),
            ("concurrency_threshold", "1 to 1024 requests"),
        ):
            if settings is None or getattr(settings, name, settings) is None:
                yield Violation(
                    path=(*path, "prefix_aware_routing_config", name),
                    required="because the routing strategy is PREFIX_AWARE",
                    fix=f"Set `{name}` to {values}, or use another routing strategy.",
                )


@rule(
    id="prefix-aware-settings-ignored",
    title="Prefix-aware settings must only be used with prefix-aware routing",
    why="The API accepts the settings with no other strategy than PREFIX_AWARE.",
    fix="Remove the settings, or use the strategy PREFIX_AWARE.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROUTING,
    requires=("routing_config",),
    eager=True,
    facts=("RTE.PREFIX_ONLY",),
)
def prefix_aware_settings_ignored(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, routing in _routing(spec):
        strategy = routing.routing_strategy
        if (
            is_resolved(routing.prefix_aware_routing_config)
            and is_resolved(strategy)
            and strategy != RoutingStrategy.PREFIX_AWARE
        ):
            yield Violation(
                path=(*path, "prefix_aware_routing_config"),
                got=Words("prefix-aware settings"),
                not_allowed=f"with the routing strategy {strategy}",
                fix="Remove the settings, or use the strategy PREFIX_AWARE.",
            )


@rule(
    id="routing-kv-aware",
    title="KV_AWARE routing should not be used in CloudFormation",
    why="The API has the strategy, but CloudFormation's schema does not list it, so that the "
    "deployment may fail.",
    fix="Test the deployment first, or use PREFIX_AWARE.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROUTING,
    requires=("routing_config",),
    of_templates=True,
    severity=Severity.WARNING,
    facts=("RTE.KV_AWARE_CFN",),
)
def routing_kv_aware(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, routing in _routing(spec):
        if routing.routing_strategy == RoutingStrategy.KV_AWARE:
            yield Violation(
                path=(*path, "routing_strategy"),
                got=routing.routing_strategy,
                not_allowed="by CloudFormation's schema, although the API has it",
                fix="Test the deployment first, or use PREFIX_AWARE.",
            )


@rule(
    id="routing-not-real-time",
    title="Routing by content should only be used on real-time endpoints",
    why="AWS describes the strategies for real-time endpoints only; the instances of an "
    "asynchronous endpoint get their requests from a queue.",
    fix="Use LEAST_OUTSTANDING_REQUESTS or RANDOM.",
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
    for path, _, routing in _routing(spec):
        strategy = routing.routing_strategy
        if isinstance(strategy, str) and strategy in _BY_CONTENT:
            yield Violation(
                path=(*path, "routing_strategy"),
                got=strategy,
                must="be LEAST_OUTSTANDING_REQUESTS or RANDOM because the endpoint is asynchronous",
                fix="Use one of these strategies, or remove `async_inference_config`.",
            )


def _may_scale_out(variant: ProductionVariant) -> bool:
    """Return whether managed scaling adds instances, or may add some if it is unresolved."""
    scaling = variant.managed_instance_scaling
    if not isinstance(scaling, ManagedInstanceScaling):
        return scaling is not None
    maximum = scaling.max_instance_count
    is_enabled = scaling.status != ManagedInstanceScalingStatus.DISABLED
    return is_enabled and (not is_integer(maximum) or maximum > 1)


@rule(
    id="prefix-aware-single-instance",
    title="Prefix-aware routing should have at least two instances",
    why="SageMaker applies the strategy only when two or more instances can serve a request.",
    fix="Start with two instances, scale the variant, or use another routing strategy.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROUTING,
    about=(ConfigContext,),
    requires=("routing_config",),
    severity=Severity.WARNING,
    facts=("RTE.PREFIX_ONE_INSTANCE",),
)
def prefix_aware_single_instance(context: ConfigContext) -> Iterator[Violation]:
    for path, variant, routing in _routing(context.config):
        variant_path, count = path[:-1], variant.initial_instance_count
        if (
            routing.routing_strategy == RoutingStrategy.PREFIX_AWARE
            and is_integer(count)
            and count == 1
            and variant_path not in context.scalable_targets
            and not _may_scale_out(variant)
        ):
            yield Violation(
                path=(*variant_path, "initial_instance_count"),
                got=count,
                must="be 2 or more because the routing is prefix-aware",
                fix="Start with two instances, scale the variant, or use another routing strategy.",
            )


RULES: Final = (
    prefix_aware_settings_missing,
    prefix_aware_settings_ignored,
    routing_kv_aware,
    routing_not_real_time,
    prefix_aware_single_instance,
)

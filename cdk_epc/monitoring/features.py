"""What a variant is known to do without, so that what comes with it is not published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_epc.instances import InstanceType
from cdk_epc.metrics import Feature
from cdk_epc.spec import (
    EndpointConfigSpec,
    MetricsConfig,
    ProductionVariant,
    ServerlessConfig,
)
from cdk_epc.spec.unknown import is_unknown, items_of


def lacks_of(config: EndpointConfigSpec, variant: ProductionVariant) -> frozenset[Feature]:
    """What a variant of a configuration is known to do without, as that stands now."""
    return frozenset(_lacks(config, variant))


def _lacks(config: EndpointConfigSpec, variant: ProductionVariant) -> Iterator[Feature]:
    if config.explainer_config is None:
        yield Feature.EXPLAINER
    serverless = variant.serverless_config
    if isinstance(serverless, ServerlessConfig) and serverless.provisioned_concurrency is None:
        yield Feature.PROVISIONED_CONCURRENCY
    types = instance_types(variant)
    if types and all(each.is_known and gpus_of(each) == 0 for each in types):
        yield Feature.GPU


def instance_types(variant: ProductionVariant) -> tuple[InstanceType, ...]:
    """The types that a variant may run on; none where one of them is not known, or has none."""
    pools = items_of(variant.instance_pools)
    given = [getattr(pool, "instance_type", None) for pool in pools] or [variant.instance_type]
    if any(not isinstance(name, str) or is_unknown(name) for name in given):
        return ()
    return tuple(InstanceType.of(str(name)) for name in given)


def gpus_of(instance_type: InstanceType) -> int:
    """The GPUs of a type; an Inferentia or a Gaudi is none."""
    accelerator = instance_type.accelerator
    return accelerator.count if accelerator and accelerator.kind == "gpu" else 0


def is_enhanced(config: EndpointConfigSpec) -> bool | None:
    """Whether enhanced metrics are on; ``None`` where that is known at the deployment only."""
    metrics: Any = config.metrics_config
    if metrics is None:
        return False
    if not isinstance(metrics, MetricsConfig) or is_unknown(metrics.enable_enhanced_metrics):
        return None
    return bool(metrics.enable_enhanced_metrics)

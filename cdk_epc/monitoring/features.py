"""What a variant is known to do without, so that what comes with it is not published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.instances import InstanceType
from cdk_epc.metrics import Feature
from cdk_epc.monitoring.machine import Machine, gpus_of
from cdk_epc.spec import (
    EndpointConfigSpec,
    InferenceComponentSpec,
    MetricsConfig,
    ProductionVariant,
    ServerlessConfig,
)
from cdk_epc.spec.unknown import is_unknown, is_whole, items_of

_MINUTE: Final = 60


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


def lacks_of_component(spec: object) -> frozenset[Feature]:
    """What a component is known to do without: GPUs, where it asks for no accelerator.

    An adapter has those of its base component.
    """
    if not isinstance(spec, InferenceComponentSpec) or spec.specifications is not None:
        return frozenset()
    one: Any = spec.specification
    needs: Any = getattr(one, "compute_resource_requirements", None)
    if needs is None or is_unknown(needs) or needs.number_of_accelerator_devices_required:
        return frozenset()
    return frozenset({Feature.GPU})


def instance_types(variant: ProductionVariant) -> tuple[InstanceType, ...]:
    """The types that a variant may run on; none where one of them is not known, or has none."""
    pools = items_of(variant.instance_pools)
    given = [getattr(pool, "instance_type", None) for pool in pools] or [variant.instance_type]
    if any(not isinstance(name, str) or is_unknown(name) for name in given):
        return ()
    return tuple(InstanceType.of(str(name)) for name in given)


def machine_of(variant: object) -> Machine:
    """What a variant runs on, as far as it says."""
    spec = getattr(variant, "spec", None)
    config = getattr(getattr(variant, "config", None), "spec", None)
    if not isinstance(spec, ProductionVariant) or not isinstance(config, EndpointConfigSpec):
        return Machine()
    capture: Any = config.data_capture_config
    return Machine(
        types=instance_types(spec),
        is_capturing=getattr(capture, "enable_capture", None) is True,
        seconds=interval_of(config),
    )


def interval_of(config: EndpointConfigSpec) -> int:
    """The seconds between two points of what instances publish; 60 unless it is known not to be."""
    seconds = getattr(config.metrics_config, "metric_publish_frequency_in_seconds", None)
    return seconds if is_whole(seconds) else _MINUTE


def is_enhanced(config: EndpointConfigSpec) -> bool | None:
    """Whether enhanced metrics are on; ``None`` where that is known at the deployment only."""
    metrics: Any = config.metrics_config
    if metrics is None:
        return False
    if not isinstance(metrics, MetricsConfig) or is_unknown(metrics.enable_enhanced_metrics):
        return None
    return bool(metrics.enable_enhanced_metrics)

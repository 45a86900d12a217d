"""What a variant is known to do without, so that what comes with it is not published."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NoReturn

import attrs

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.catalog.metrics import (
    Detail,
    Dimensions,
    Feature,
    PublishedMetric,
    is_published_by,
    metrics_for,
)
from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.monitoring.metric_source import MINUTE, Place
from cdk_epc.rules.call_errors import NOT_PUBLISHED
from cdk_epc.rules.rule import CallError, Violation, Words
from cdk_epc.spec import (
    EndpointConfigSpec,
    EndpointKind,
    InferenceComponentSpec,
    MetricsConfig,
    ModelSpec,
    ProductionVariant,
    ServerlessConfig,
)
from cdk_epc.spec.enums import ContainerMode
from cdk_epc.spec.unresolved import is_unresolved, is_whole, items_of


@attrs.frozen(kw_only=True)
class Machine:
    """What is known of what a variant runs on.

    Attributes:
        types: Its instance types; none where one is not known.
        is_capturing: Whether requests are captured, which takes space on the disk.
    """

    types: tuple[InstanceType, ...] = ()
    is_capturing: bool = False


def lacks_of(
    config: EndpointConfigSpec, variant: ProductionVariant, model: ModelSpec | None = None
) -> frozenset[Feature]:
    """What a variant of a configuration is known to do without, as that stands now."""
    return frozenset([*_lacks(config, variant), *(_lacks_of_model(model) if model else ())])


def _lacks(config: EndpointConfigSpec, variant: ProductionVariant) -> Iterator[Feature]:
    if config.explainer_config is None:
        yield Feature.EXPLAINER
    serverless = variant.serverless_config
    if isinstance(serverless, ServerlessConfig) and serverless.provisioned_concurrency is None:
        yield Feature.PROVISIONED_CONCURRENCY
    if _has_no_gpu(variant):
        yield Feature.GPU


def _has_no_gpu(variant: ProductionVariant) -> bool:
    types = instance_types(variant)
    return bool(types) and all(each.gpus == 0 for each in types)


def _lacks_of_model(model: ModelSpec) -> Iterator[Feature]:
    containers = [each for _, each in model.every_container()]
    if any(is_unresolved(each) for each in (model.containers, model.primary_container)):
        return
    if len(containers) <= 1:
        yield Feature.CONTAINERS
    # A container from a package may be anything.
    if all(each.mode is None or each.mode == ContainerMode.SINGLE_MODEL for each in containers):
        yield Feature.MULTI_MODEL


def lacks_of_component(spec: object, config: EndpointConfigSpec | None) -> frozenset[Feature]:
    """What a component is known to do without.

    GPUs, where it asks for no accelerator or stands on instances that have none. An adapter has
    those of its base component.
    """
    if not isinstance(spec, InferenceComponentSpec):
        return frozenset()
    hosts = config.production() if config else ()
    if any(
        variant.variant_name == spec.variant_name and _has_no_gpu(variant) for _, variant in hosts
    ):
        return frozenset({Feature.GPU})
    if spec.specifications is not None:
        return frozenset()
    one: Any = spec.specification
    needs: Any = getattr(one, "compute_resource_requirements", None)
    if needs is None or is_unresolved(needs) or needs.number_of_accelerator_devices_required:
        return frozenset()
    return frozenset({Feature.GPU})


def model_of(variant: object) -> ModelSpec | None:
    """The model of a variant, if that is a construct of this app."""
    config, place = getattr(variant, "config", None), getattr(variant, "place", None)
    if config is None or place is None:
        return None
    context = config._state.context()  # noqa: SLF001 - its own
    found = context.models.get((*place, "model_name")) if context else None
    return found.model if found else None


def containers_of(variant: object) -> tuple[str, ...]:
    """The names of a model's containers in metrics, where there are several."""
    model = model_of(variant)
    containers = [each for _, each in model.in_order()] if model else []
    if len(containers) <= 1 or any(is_unresolved(each.container_hostname) for each in containers):
        return ()
    return tuple(
        each.container_hostname or f"container-{index}"
        for index, each in enumerate(containers, start=1)
    )


def is_multi_model(variant: object) -> bool:
    """Whether a variant is known to have many models behind it."""
    model = model_of(variant)
    containers = [each for _, each in model.every_container()] if model else []
    return any(each.mode == ContainerMode.MULTI_MODEL for each in containers)


def instance_types(variant: ProductionVariant) -> tuple[InstanceType, ...]:
    """The types that a variant may run on; none where one of them is not known, or has none."""
    pools = items_of(variant.instance_pools)
    given = [getattr(pool, "instance_type", None) for pool in pools] or [variant.instance_type]
    if any(not isinstance(name, str) or is_unresolved(name) for name in given):
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
        is_capturing=capture is not None and getattr(capture, "enable_capture", None) is not False,
    )


def interval_of(config: EndpointConfigSpec) -> int:
    """The seconds between two points of what instances publish; 60 unless it is known not to be."""
    seconds = getattr(config.metrics_config, "metric_publish_frequency_in_seconds", None)
    return seconds if is_whole(seconds) else MINUTE


def is_enhanced(config: EndpointConfigSpec) -> bool | None:
    """Whether enhanced metrics are on; ``None`` where that is known at the deployment only."""
    metrics: Any = config.metrics_config
    if metrics is None:
        return False
    if not isinstance(metrics, MetricsConfig) or is_unresolved(metrics.enable_enhanced_metrics):
        return None
    return bool(metrics.enable_enhanced_metrics)


_KINDS = {
    EndpointKind.REAL_TIME: "a real-time endpoint",
    EndpointKind.ASYNCHRONOUS: "an asynchronous endpoint",
    EndpointKind.SERVERLESS: "a serverless endpoint",
    EndpointKind.INFERENCE_COMPONENTS: "an endpoint with inference components",
}
_INSTEAD = {
    (
        EndpointKind.ASYNCHRONOUS,
        "Invocations",
    ): "TotalProcessingTime counts what was processed, with the statistic SampleCount",
    (EndpointKind.ASYNCHRONOUS, "InvocationsPerInstance"): "the queue has "
    "ApproximateBacklogSizePerInstance",
    (EndpointKind.ASYNCHRONOUS, "OverheadLatency"): "TimeInBacklog says what a request waits",
}


def refuse_unpublished(
    place: Place, metric: PublishedMetric, details: Collection[Detail] = ()
) -> None:
    """Refuse a metric that is not published there.

    Raises:
        EndpointConfigError: It is known not to be.
    """
    if not is_published_by(metric, place.hosting, place.by):
        _refuse_kind(place, metric)
    if metric.needs is not None and metric.needs in place.lacks:
        refuse(
            place,
            NOT_PUBLISHED,
            got=f"{metric.name}, without {metric.needs}",
            allowed=f"it is published with {metric.needs}",
            fix="Configure that first, or leave the metric out.",
        )
    if details:
        _refuse_details(place, metric, details)


def _refuse_kind(place: Place, metric: PublishedMetric) -> NoReturn:
    kind = _KINDS.get(place.hosting, "an endpoint") if place.hosting else "an endpoint"
    instead = _INSTEAD.get((place.hosting, metric.name)) if place.hosting else None
    names = [each.name for each in _published(place)]
    refuse(
        place,
        NOT_PUBLISHED,
        got=f"{metric.name}, which {kind} does not publish by {_by(place.by)}",
        allowed=", ".join(names) or "none",
        fix=f"Take another: {instead}." if instead else _elsewhere(metric, place),
    )


def _published(place: Place) -> list[PublishedMetric]:
    hostings = [place.hosting] if place.hosting else list(EndpointKind)
    found = {each.key: each for kind in hostings for each in metrics_for(kind, place.by)}
    return [each for each in found.values() if each.needs not in place.lacks]


def _elsewhere(metric: PublishedMetric, place: Place) -> str:
    ways = [by for by in metric.by if is_published_by(metric, place.hosting, by)]
    if not ways:
        return "Take one of these, or leave it out."
    return f"Ask for it by {' or by '.join(map(_by, ways))}."


def _refuse_details(place: Place, metric: PublishedMetric, details: Collection[Detail]) -> None:
    unfit = [each.value for each in details if each not in metric.details]
    if unfit:
        refuse(
            place,
            NOT_PUBLISHED,
            got=f"{metric.name} by {', '.join(unfit)}",
            allowed=", ".join(sorted(each.value for each in metric.details)) or "no detail",
            fix="Leave that out.",
        )
    if place.is_enhanced is False:
        refuse(
            place,
            NOT_PUBLISHED,
            got=f"{metric.name} by {', '.join(each.value for each in details)}",
            allowed="details of enhanced metrics, which are not switched on",
            fix="Switch them on: config.publish_metrics(enhanced=True, ...).",
        )


def refuse(place: Place, rule: CallError, *, got: str, allowed: str, fix: str) -> NoReturn:
    """Refuse a call about a metric.

    Raises:
        EndpointConfigError: Always.
    """
    violation = Violation(path=(), got=Words(got), must=f"be {allowed}", fix=fix)
    raise_call_error(rule, violation, place.title, construct=place.scope.node.path)


def _by(dimensions: Dimensions) -> str:
    return " and ".join(dimensions.value)

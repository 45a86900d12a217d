"""Resource facts: configured features, instances and containers of variants and components."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.catalog.instances import InstanceType
from cdk_epc.catalog.metrics import Feature
from cdk_epc.constructs.internals import internals_of
from cdk_epc.monitoring.metric_source import MINUTE
from cdk_epc.spec import (
    EndpointConfigSpec,
    MetricsConfig,
    ModelSpec,
    ProductionVariant,
    ServerlessConfig,
)
from cdk_epc.spec.enums import ContainerMode
from cdk_epc.spec.unresolved import is_integer, is_unresolved, items_of

if TYPE_CHECKING:
    from cdk_epc.spec.context import ConfigContext, InferenceComponentContext


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Machine(Record):
    """Instances of a variant, as far as they are known.

    Attributes:
        types: Instance types; empty if one of them is unknown.
        is_capturing: Whether data capture is on. It writes to the disk before it uploads to S3.
        is_multi_model: Whether a multi-model container loads models from S3 on demand.
        reserves_gpu_memory: Whether the model server reserves all GPU memory when it starts.
    """

    types: tuple[InstanceType, ...] = ()
    is_capturing: bool = False
    is_multi_model: bool = False
    reserves_gpu_memory: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Copies(Record):
    """Copies of an inference component, as far as they are known.

    Attributes:
        scale_to_zero: Whether a scalable target lets the copies scale to zero.
        reserve_gpu_memory: Whether the model server reserves all GPU memory.
    """

    scale_to_zero: bool = False
    reserve_gpu_memory: bool = False


_RESERVING_SERVER: Final = re.compile(
    r"[/:-](?:djl-inference|[a-z-]*tgi-inference|[a-z-]*vllm|[a-z-]*sglang|text-generation-inference)"
    r"[/:@-]",
    re.ASCII,
)
"""Images of servers that reserve the GPU memory for the caches of their models when they start."""


def _reserves_gpu_memory(model: ModelSpec | None) -> bool:
    images = [each.image for _, each in model.every_container()] if model else []
    # The registry of an image may be a token; its repository and tag are known then.
    return any(_RESERVING_SERVER.search(each) for each in images if isinstance(each, str))


def copies_of(context: InferenceComponentContext) -> Copies:
    """Return the copies of a component with its scalable target and models."""
    target = context.scalable_target
    return Copies(
        scale_to_zero=target is not None and target.min_capacity == 0,
        reserve_gpu_memory=any(
            _reserves_gpu_memory(each.model) for each in context.models.values()
        ),
    )


def machine_of(variant: object) -> Machine:
    """Return the instances of a variant; those of an imported endpoint are unknown."""
    spec, config = getattr(variant, "spec", None), config_of(variant)
    if not isinstance(spec, ProductionVariant) or config is None:
        return Machine()
    capture: Any = config.data_capture_config
    return Machine(
        types=instance_types(spec),
        is_capturing=capture is not None and getattr(capture, "enable_capture", None) is not False,
        is_multi_model=is_multi_model(variant),
        reserves_gpu_memory=_reserves_gpu_memory(model_of(variant)),
    )


def config_of(resource: object) -> EndpointConfigSpec | None:
    """Return the configuration of a variant's or component's endpoint, if this app has it."""
    config = getattr(getattr(resource, "endpoint", None), "config", None)
    spec = getattr(config, "spec", None)
    return spec if isinstance(spec, EndpointConfigSpec) else None


def instance_types(variant: ProductionVariant) -> tuple[InstanceType, ...]:
    """Return the instance types of a variant and its pools; empty if one of them is unknown."""
    pools = items_of(variant.instance_pools)
    names = [getattr(pool, "instance_type", None) for pool in pools] or [variant.instance_type]
    if any(not isinstance(name, str) or is_unresolved(name) for name in names):
        return ()
    return tuple(InstanceType.of(str(name)) for name in names)


def has_no_gpu(variant: ProductionVariant) -> bool:
    """Return whether none of a variant's instance types has a GPU, as far as they are known."""
    types = instance_types(variant)
    return bool(types) and all(each.gpus == 0 for each in types)


def unused_features_of_variant(
    config: EndpointConfigSpec, variant: ProductionVariant, model: ModelSpec | None
) -> frozenset[Feature]:
    """Return the features that a variant certainly does not use."""
    return frozenset([*_unused_in_config(config, variant), *_unused_in_model(model)])


def _unused_in_config(config: EndpointConfigSpec, variant: ProductionVariant) -> Iterator[Feature]:
    if config.explainer_config is None:
        yield Feature.EXPLAINER
    serverless = variant.serverless_config
    if isinstance(serverless, ServerlessConfig) and serverless.provisioned_concurrency is None:
        yield Feature.PROVISIONED_CONCURRENCY
    if has_no_gpu(variant):
        yield Feature.GPU


def _unused_in_model(model: ModelSpec | None) -> Iterator[Feature]:
    if model is None or is_unresolved(model.containers) or is_unresolved(model.primary_container):
        return
    containers = [each for _, each in model.every_container()]
    if len(containers) <= 1:
        yield Feature.CONTAINERS
    # The container of a model package may be a multi-model container; its spec does not say.
    if all(each.mode is None or each.mode == ContainerMode.SINGLE_MODEL for each in containers):
        yield Feature.MULTI_MODEL


def unused_features_of_component(
    spec: object, config: EndpointConfigSpec | None
) -> frozenset[Feature]:
    """Return the features that an inference component certainly does not use.

    A component uses no GPU if it requires no accelerator, or if its variant's instances have no
    GPU. An adapter uses the GPUs of its base component.
    """
    # Imported here because few apps have components.
    from cdk_epc.spec.component import InferenceComponentSpec  # noqa: PLC0415

    if not isinstance(spec, InferenceComponentSpec):
        return frozenset()
    variants = config.production() if config else ()
    if any(
        variant.variant_name == spec.variant_name and has_no_gpu(variant) for _, variant in variants
    ):
        return frozenset({Feature.GPU})
    if spec.specifications is not None:
        return frozenset()
    specification: Any = spec.specification
    compute: Any = getattr(specification, "compute_resource_requirements", None)
    if compute is None or is_unresolved(compute):
        return frozenset()
    if compute.number_of_accelerator_devices_required:
        return frozenset()
    return frozenset({Feature.GPU})


def model_of(variant: object) -> ModelSpec | None:
    """Return the model of a variant, if it is a construct of this app."""
    config: Any
    config, path = getattr(variant, "config", None), getattr(variant, "path", None)
    if config is None or path is None:
        return None
    context: ConfigContext = internals_of(config).context()
    found = context.models.get((*path, "model_name"))
    return found.model if found else None


def container_names(variant: object) -> tuple[str, ...]:
    """Return the names of a model's containers in metrics, if it has several."""
    model = model_of(variant)
    containers = [each for _, each in model.listed_containers()] if model else []
    if len(containers) <= 1 or any(is_unresolved(each.container_hostname) for each in containers):
        return ()
    return tuple(
        each.container_hostname or f"container-{index}"
        for index, each in enumerate(containers, start=1)
    )


def is_multi_model(variant: object) -> bool:
    """Return whether the model of a variant has a multi-model container, as far as it is known."""
    model = model_of(variant)
    containers = [each for _, each in model.every_container()] if model else []
    return any(each.mode == ContainerMode.MULTI_MODEL for each in containers)


def metric_interval(config: EndpointConfigSpec) -> int:
    """Return the publishing interval of instance metrics in seconds; 60 if it is unknown."""
    seconds = getattr(config.metrics_config, "metric_publish_frequency_in_seconds", None)
    return seconds if is_integer(seconds) else MINUTE


def has_enhanced_metrics(config: EndpointConfigSpec) -> bool | None:
    """Return whether enhanced metrics are enabled; ``None`` if it is unknown."""
    metrics: Any = config.metrics_config
    if metrics is None:
        return False
    if not isinstance(metrics, MetricsConfig) or is_unresolved(metrics.enable_enhanced_metrics):
        return None
    return bool(metrics.enable_enhanced_metrics)

"""What an alarm watches, as far as it stands beside it."""

from __future__ import annotations

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.catalog.metrics import PublishedMetric, find
from cdk_epc.spec import ProductionVariant
from cdk_epc.spec.alarm import MetricUse
from cdk_epc.spec.context import AlarmContext, ConfigContext
from cdk_epc.spec.endpoint_config import types_of
from cdk_epc.spec.unresolved import is_list, is_text, is_unresolved

ENDPOINT_NAME = "EndpointName"
VARIANT_NAME = "VariantName"


def published(use: MetricUse) -> PublishedMetric | None:
    """The metric of the table that an alarm watches."""
    namespace, name = use.metric.namespace, use.metric.metric_name
    return find(namespace, name) if isinstance(namespace, str) and isinstance(name, str) else None


def config_watched(subject: AlarmContext, use: MetricUse) -> ConfigContext | None:
    """The configuration of the endpoint that a metric is of, if that is in sight."""
    for path, name, _ in use.dimensions():
        endpoint = subject.endpoints.get(path)
        if name == ENDPOINT_NAME and endpoint is not None:
            return endpoint.config
    return None


def variants_watched(subject: AlarmContext, use: MetricUse) -> list[ProductionVariant]:
    """The variants in sight that a metric is of."""
    config = config_watched(subject, use)
    names = [value for _, name, value in use.dimensions() if name == VARIANT_NAME]
    if config is None or len(names) != 1:
        return []
    return [each for _, each in config.config.variants() if each.variant_name == names[0]]


def types_watched(subject: AlarmContext, use: MetricUse) -> list[InstanceType]:
    """The instance types in sight that a metric is of."""
    found: list[InstanceType] = []
    for variant in variants_watched(subject, use):
        types = [InstanceType.of(name) for _, name in types_of((), variant)]
        if not types or is_unresolved(variant.instance_pools):
            return []
        found += types
    return found


def variant_names(config: ConfigContext) -> set[str] | None:
    """The names of all variants; ``None`` if one is not known."""
    spec = config.config
    names: set[str] = set()
    for variants in (spec.production_variants, spec.shadow_production_variants):
        if variants is not None and not is_list(variants):
            return None
        for variant in variants or ():
            name = getattr(variant, "variant_name", None)
            if not is_text(name):
                return None
            names.add(name)
    return names

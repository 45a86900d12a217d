"""Metrics of alarms and scaling policies: published metrics, monitored variants, phrases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import attrs

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.spec import EndpointKind, ProductionVariant
from cdk_epc.spec.alarm import MetricUse
from cdk_epc.spec.context import AlarmContext, ConfigContext
from cdk_epc.spec.endpoint_config import instance_types_of
from cdk_epc.spec.similarity import get_close_matches
from cdk_epc.spec.unresolved import is_list, is_string, is_unresolved

if TYPE_CHECKING:
    from cdk_epc.catalog.metrics import PublishedMetric

ENDPOINT_NAME: Final = "EndpointName"
VARIANT_NAME: Final = "VariantName"
ENDPOINT_PHRASES: Final[Mapping[EndpointKind, str]] = {
    EndpointKind.REAL_TIME: "a real-time endpoint",
    EndpointKind.ASYNCHRONOUS: "an asynchronous endpoint",
    EndpointKind.SERVERLESS: "a serverless endpoint",
    EndpointKind.INFERENCE_COMPONENTS: "an endpoint for inference components",
}
"""Each kind of endpoint with its article, for messages."""


_TWO_SPELLINGS: Final = frozenset({"InvocationsProcesssed", "InvocationsProcessed"})
"""Metric whose name has a different spelling on each page of AWS's guide."""
_SAGEMAKER_DIMENSIONS: Final = frozenset({ENDPOINT_NAME, VARIANT_NAME, "InferenceComponentName"})
_CLOSE: Final = 0.85
"""Similarity of a misspelt name and its correction, from 0 to 1."""


@attrs.frozen
class Misspelling:
    """Namespace or name of a metric that SageMaker does not publish.

    Attributes:
        member: Member with the text: ``namespace`` or ``metric_name``.
        got: The text.
        must: Requirement, as it reads after "must".
        correct: The right text, if it is known.
    """

    member: str
    got: str
    must: str
    correct: str | None = None


def misspelling_of(
    namespace: object, name: object, dimensions: frozenset[str]
) -> Misspelling | None:
    """Return the fault of a metric in a namespace of SageMaker; ``None`` for any other metric."""
    # Imported here because rules of endpoints use other functions of this module.
    from cdk_epc.catalog.metrics import PUBLISHED, Namespace, find, find_all  # noqa: PLC0415

    if not is_string(namespace) or not is_string(name) or name in _TWO_SPELLINGS:
        return None
    namespaces = {each.value.strip("/").lower(): each.value for each in Namespace}
    spelt = namespaces.get(namespace.strip("/").lower())
    if spelt is None or find(namespace, name) is not None:
        return None
    if find(spelt, name) is not None:
        must = f"be {spelt!r}, the spelling of SageMaker"
        return Misspelling("namespace", namespace, must, spelt)
    if published_as := find_all(name):
        correct = published_as[0].namespace.value
        must = f"be {correct!r}, the namespace of {name}"
        return Misspelling("namespace", namespace, must, correct)
    near = get_close_matches(name, sorted(each.name for each in PUBLISHED), 1, _CLOSE)
    # Other jobs publish to this namespace as well, under names that are not known here.
    if not near and not dimensions & _SAGEMAKER_DIMENSIONS:
        return None
    must = f"be a metric that SageMaker publishes to {spelt} for endpoints"
    return Misspelling("metric_name", name, must, near[0] if near else None)


def listed(names: Iterable[str], conjunction: str = "and") -> str:
    """Return one or more names as one phrase, such as "a, b and c"."""
    *others, last = names
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def published_dimensions(metric: PublishedMetric) -> str:
    """Return the sets of dimensions under which SageMaker publishes a metric, as one phrase."""
    return ", or ".join(listed(each.value) for each in metric.dimension_sets)


def published(use: MetricUse) -> PublishedMetric | None:
    """Return the published metric that an alarm watches; ``None`` if it is another metric."""
    # Imported here because rules of endpoints use other functions of this module.
    from cdk_epc.catalog.metrics import find  # noqa: PLC0415

    namespace, name = use.metric.namespace, use.metric.metric_name
    return find(namespace, name) if isinstance(namespace, str) and isinstance(name, str) else None


def monitored_config(subject: AlarmContext, use: MetricUse) -> ConfigContext | None:
    """Return the configuration of the endpoint of a monitored metric; ``None`` if it is unknown."""
    for path, name, _ in use.dimensions():
        endpoint = subject.endpoints.get(path)
        if name == ENDPOINT_NAME and endpoint is not None:
            return endpoint.config
    return None


def monitored_variants(subject: AlarmContext, use: MetricUse) -> list[ProductionVariant]:
    """Return the known variants of a monitored metric."""
    config = monitored_config(subject, use)
    names = [value for _, name, value in use.dimensions() if name == VARIANT_NAME]
    if config is None or len(names) != 1:
        return []
    return [each for _, each in config.config.variants() if each.variant_name == names[0]]


def monitored_types(subject: AlarmContext, use: MetricUse) -> list[InstanceType]:
    """Return the instance types of a monitored metric; an empty list if they are unknown."""
    found: list[InstanceType] = []
    for variant in monitored_variants(subject, use):
        types = [InstanceType.of(name) for _, name in instance_types_of((), variant)]
        if not types or is_unresolved(variant.instance_pools):
            return []
        found += types
    return found


def variant_names(config: ConfigContext) -> set[str] | None:
    """Return the names of all variants; ``None`` if one of them is unknown."""
    spec = config.config
    names: set[str] = set()
    for variants in (spec.production_variants, spec.shadow_production_variants):
        if variants is not None and not is_list(variants):
            return None
        for variant in variants or ():
            name = getattr(variant, "variant_name", None)
            if not is_string(name):
                return None
            names.add(name)
    return names

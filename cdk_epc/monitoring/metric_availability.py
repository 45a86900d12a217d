"""Metric availability: errors about metrics that a resource does not publish."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NoReturn

from cdk_epc.catalog.metrics import (
    Detail,
    Dimensions,
    Feature,
    PublishedMetric,
    is_published_by,
    metrics_for,
)
from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.monitoring.metric_source import MetricSource
from cdk_epc.rules.call_errors import NOT_PUBLISHED, VARIANTS_UNKNOWN
from cdk_epc.rules.rule import CallError, Violation
from cdk_epc.spec import EndpointKind

_KINDS: Final = {
    EndpointKind.REAL_TIME: "real-time endpoints",
    EndpointKind.ASYNCHRONOUS: "asynchronous endpoints",
    EndpointKind.SERVERLESS: "serverless endpoints",
    EndpointKind.INFERENCE_COMPONENTS: "endpoints with inference components",
    None: "endpoints",
}
_REPLACEMENTS: Final = {
    "Invocations": "TotalProcessingTime with the statistic SampleCount, which counts processed "
    "requests",
    "InvocationsPerInstance": "ApproximateBacklogSizePerInstance of the endpoint's queue",
    "OverheadLatency": "TimeInBacklog, the time that a request waits",
}
"""Metrics of asynchronous endpoints, by the name of the metric that they do not publish."""
_READERS: Final = {
    Dimensions.ENDPOINT: "endpoint.queue",
    Dimensions.VARIANT: "endpoint.variant(name)",
    Dimensions.FLEET: "variant.fleet()",
    Dimensions.CONTAINER: "variant.container(name)",
    Dimensions.COMPONENT: "the inference component",
}
"""Objects with the metrics of each set of dimensions."""
_UNUSED: Final = {
    Feature.MULTI_MODEL: ("the model has no multi-model container", "Use a multi-model container"),
    Feature.CONTAINERS: ("the model has only one container", "Use several containers"),
    Feature.EXPLAINER: ("the configuration has no explainer", "Configure an explainer"),
    Feature.GPU: ("no GPU is used", "Use GPUs"),
    Feature.PROVISIONED_CONCURRENCY: (
        "no provisioned concurrency is configured",
        "Configure provisioned concurrency",
    ),
}
"""Reason for which the metrics of an unused feature are absent, and advice."""


def check_published(
    source: MetricSource, metric: PublishedMetric, details: Collection[Detail] = ()
) -> None:
    """Check that a resource publishes a metric, as far as that is known.

    Args:
        source: The resource.
        metric: The metric.
        details: Dimensions of enhanced metrics that are read as well.

    Raises:
        EndpointConfigError: The resource certainly does not publish the metric.
    """
    if not is_published_by(metric, source.endpoint_kind, source.dimension_set):
        kind = _KINDS[source.endpoint_kind]
        raise_metric_error(
            source,
            NOT_PUBLISHED,
            got=metric.name,
            sentence=f"{metric.name} is not published for {source.label} because {kind} do not "
            f"publish it with {_names(source.dimension_set.value)}",
            fix=_alternative(source, metric),
        )
    if metric.requires is not None and metric.requires in source.unused_features:
        reason, remedy = _UNUSED[metric.requires]
        raise_metric_error(
            source,
            NOT_PUBLISHED,
            got=metric.name,
            sentence=f"{metric.name} is not published for {source.label} because {reason}",
            fix=f"{remedy}, or remove the metric.",
        )
    if details:
        _check_details(source, metric, details)


def _names(dimensions: Collection[str]) -> str:
    noun = "dimension" if len(dimensions) == 1 else "dimensions"
    return f"the {noun} {' and '.join(dimensions)}"


def _alternative(source: MetricSource, metric: PublishedMetric) -> str:
    """Return the advice to read another metric, or to read the metric elsewhere."""
    is_asynchronous = source.endpoint_kind is EndpointKind.ASYNCHRONOUS
    if is_asynchronous and (replacement := _REPLACEMENTS.get(metric.name)):
        return f"Use {replacement}."
    readers = [
        _READERS[by]
        for by in metric.dimension_sets
        if is_published_by(metric, source.endpoint_kind, by)
    ]
    if readers:
        return f"Read the metric from {' or '.join(readers)}."
    kinds = [source.endpoint_kind] if source.endpoint_kind else list(EndpointKind)
    published = {
        each.name: None  # a set that keeps the order of the catalog
        for kind in kinds
        for each in metrics_for(kind, source.dimension_set)
        if each.requires not in source.unused_features
    }
    return f"Use one of {', '.join(published)}." if published else "Remove the metric."


def _check_details(
    source: MetricSource, metric: PublishedMetric, details: Collection[Detail]
) -> None:
    if unknown := [each.value for each in details if each not in metric.details]:
        known = sorted(each.value for each in metric.details)
        raise_metric_error(
            source,
            NOT_PUBLISHED,
            got=metric.name,
            sentence=f"{metric.name} is not published for {source.label} with {_names(unknown)}",
            fix=f"Use {_names(known)}." if known else f"Remove {_names(unknown)}.",
        )
    if source.is_enhanced is False:
        names = _names([each.value for each in details])
        raise_metric_error(
            source,
            NOT_PUBLISHED,
            got=metric.name,
            sentence=f"{metric.name} is not published for {source.label} with {names} because "
            "enhanced metrics are not enabled",
            fix="Enable them: config.publish_metrics(enhanced=True, ...).",
        )


def raise_metric_error(
    source: MetricSource, error: CallError, *, got: object, sentence: str, fix: str
) -> NoReturn:
    """Raise the error of a call about metrics.

    Args:
        source: The resource whose metrics the call reads.
        error: The error.
        got: The wrong value.
        sentence: Message of the error.
        fix: Advice.

    Raises:
        EndpointConfigError: Always.
    """
    violation = Violation(path=(), got=got, sentence=sentence, fix=fix)
    raise_call_error(error, violation, source.label, construct=construct_path(source.scope))


def raise_without_variants(source: MetricSource, consequence: str, fix: str) -> NoReturn:
    """Raise the error of a call that needs the variants of an endpoint.

    Args:
        source: The endpoint.
        consequence: Beginning of the sentence: the result that is not possible.
        fix: Advice for an endpoint whose variants are unknown.

    Raises:
        EndpointConfigError: Always.
    """
    reason = "the variants of the endpoint are unknown"
    if has_config(source.scope):
        reason = "the configuration of the endpoint has no variant yet"
        fix = "Add a variant before this call; the call includes those that are added later."
    raise_metric_error(
        source, VARIANTS_UNKNOWN, got=None, sentence=f"{consequence} because {reason}", fix=fix
    )


def has_config(endpoint: object) -> bool:
    """Return whether an endpoint has a configuration of this app, whose variants are known."""
    return getattr(endpoint, "config", None) is not None

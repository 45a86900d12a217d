"""Metrics that nobody publishes are refused where they are asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn

from cdk_epc.catalog.metrics import (
    Detail,
    Dimensions,
    PublishedMetric,
    is_published_by,
    metrics_for,
)
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.resource_state import finding_of
from cdk_epc.monitoring.place import Place
from cdk_epc.rules.monitoring import NOT_PUBLISHED
from cdk_epc.rules.rule import EndpointConfigError, Fault, Rule, Words
from cdk_epc.spec import EndpointSpec, Hosting

_KINDS = {
    Hosting.REAL_TIME: "a real-time endpoint",
    Hosting.ASYNCHRONOUS: "an asynchronous endpoint",
    Hosting.SERVERLESS: "a serverless endpoint",
    Hosting.INFERENCE_COMPONENTS: "an endpoint with inference components",
}
_INSTEAD = {
    (Hosting.ASYNCHRONOUS, "Invocations"): "TotalProcessingTime counts what was processed, with "
    "the statistic SampleCount",
    (Hosting.ASYNCHRONOUS, "InvocationsPerInstance"): "the queue has "
    "ApproximateBacklogSizePerInstance",
    (Hosting.ASYNCHRONOUS, "OverheadLatency"): "TimeInBacklog says what a request waits",
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
    hostings = [place.hosting] if place.hosting else list(Hosting)
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


def refuse(place: Place, rule: Rule, *, got: str, allowed: str, fix: str) -> NoReturn:
    """Refuse a call about a metric.

    Raises:
        EndpointConfigError: Always.
    """
    fault = Fault(path=(), got=Words(got), allowed=allowed, fix=fix)
    path, site = place.scope.node.path, CallSite.current()
    raise EndpointConfigError([finding_of(rule, fault, place.title, path, site, EndpointSpec)])


def _by(dimensions: Dimensions) -> str:
    return " and ".join(dimensions.value)

"""Rules of the metrics that alarms watch: that there are such, and what may be asked of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final

from cdk_epc.catalog.metrics import (
    PUBLISHED,
    Dimensions,
    Namespace,
    Statistic,
    find,
    find_all,
    invocations,
    is_percentile,
)
from cdk_epc.rules._metric_lookup import ENDPOINT_NAME, VARIANT_NAME, published
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec.alarm import MetricUse
from cdk_epc.spec.context import AlarmContext
from cdk_epc.spec.unresolved import is_text

_METRICS: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html"
_OURS: Final = frozenset({ENDPOINT_NAME, VARIANT_NAME, "InferenceComponentName"})
_ENHANCED: Final = frozenset({"InstanceId", "ContainerId", "AcceleratorId"})
"""Dimensions that enhanced metrics have on top."""
_UNSURE: Final = frozenset({"InvocationsProcesssed", "InvocationsProcessed"})
"""A metric whose name is spelt differently from one page to the next."""
_NAMESPACES: Final = {each.value.strip("/").lower(): each.value for each in Namespace}
_COUNTS: Final = frozenset({Statistic.SUM, Statistic.SAMPLE_COUNT})
_OF_REQUESTS: Final = frozenset(
    each.name
    for each in (
        invocations.INVOCATIONS,
        invocations.INVOCATIONS_PER_INSTANCE,
        invocations.INVOCATIONS_PER_COPY,
        invocations.EXPLANATIONS_PER_INSTANCE,
    )
)
"""Metrics whose every sample is one request, or its share of the instances.

Of all others any statistic says something, whether the guide names it or not: percentiles of other
latencies, the greatest of failures that are published one by one.
"""
_CLOSE: Final = 0.85
"""How alike a misspelt name is to the one that is meant, from 0 to 1."""


@rule(
    id="alarm-metric-unknown",
    title="An alarm watches a metric that SageMaker publishes",
    why="CloudWatch takes any name, finds no data under it, and the alarm never goes off. "
    "The guide itself has misspellings, such as Invocations4XXErrors. Detailed observability "
    "publishes no metrics that these alarms can watch.",
    fix="Write namespace and name as SageMaker publishes them.",
    evidence=Evidence.DOCUMENTED,
    source_url=_METRICS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_metric_unknown(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.uses():
        namespace, name = use.metric.namespace, use.metric.metric_name
        if not is_text(namespace) or not is_text(name):
            continue
        spelt = _NAMESPACES.get(namespace.strip("/").lower())
        if spelt is None or name in _UNSURE or find(namespace, name) is not None:
            continue
        if find(spelt, name) is not None:
            yield _other(use, "namespace", namespace, f"{spelt!r}, as SageMaker spells it", spelt)
        elif homes := find_all(name):
            home = homes[0].namespace.value
            allowed = f"{home!r}, where {name} is published"
            yield _other(use, "namespace", namespace, allowed, home)
        else:
            yield from _misspelt(use, spelt, name)


def _misspelt(use: MetricUse, namespace: str, name: str) -> Iterator[Violation]:
    names = sorted(each.name for each in PUBLISHED)
    near = get_close_matches(name, names, 1, _CLOSE)
    dimensions = use.dimension_names() or frozenset()
    if near or dimensions & _OURS:  # other jobs publish to this namespace, too
        allowed = f"a metric that SageMaker publishes to {namespace} for endpoints"
        yield _other(use, "metric_name", name, allowed, near[0] if near else None)


def _other(use: MetricUse, member: str, got: str, allowed: str, better: str | None) -> Violation:
    fix = "Take a metric of the guide's list; those of detailed observability cannot be alarmed on."
    return Violation(
        path=(*use.path, member),
        got=got,
        must=f"be {allowed}",
        fix=fix if better is None else f"Write {better}.",
    )


@rule(
    id="alarm-metric-dimensions-wrong",
    title="An alarm watches a metric by the dimensions that it is published by",
    why="CloudWatch finds a metric by exactly its dimensions: without the variant's name there "
    "is no metric of all variants, and those of a queue have no variant.",
    fix="Give the dimensions of the guide, no fewer and no more.",
    evidence=Evidence.DOCUMENTED,
    source_url=_METRICS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_metric_dimensions_wrong(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.uses():
        metric, names = published(use), use.dimension_names()
        if metric is None or names is None:
            continue
        allowed = {frozenset(each.value) for each in metric.by}
        if Dimensions.VARIANT in metric.by:
            allowed.add(frozenset(Dimensions.FLEET.value))
        if names not in allowed and names - _ENHANCED not in allowed:
            sets = [_listed(each.value) for each in metric.by]
            yield Violation(
                path=(*use.path, "dimensions"),
                got=Words(_listed(sorted(names))) if names else None,
                must=f"be {', or '.join(sets)} because {metric.name} is published by these",
                fix="Give exactly these; CloudWatch finds nothing by fewer, or by more.",
            )


def _listed(names: Collection[str]) -> str:
    (*most, last) = names
    return f"{', '.join(most)} and {last}" if most else f"{last} alone"


@rule(
    id="alarm-statistic-unsuitable",
    title="An alarm takes a statistic that says something of its metric",
    why="Each request is one sample of 1, or of its share of the instances. Their average and "
    "their percentiles are the same with one request and with a million; only the sum counts.",
    fix="Take the sum.",
    evidence=Evidence.DOCUMENTED,
    source_url=_METRICS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_statistic_unsuitable(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.uses():
        metric, statistic = published(use), use.statistic
        if metric is None or not isinstance(statistic, str) or metric.allows(statistic):
            continue
        if metric.name in _OF_REQUESTS and (
            is_percentile(statistic) or statistic in set(Statistic) - _COUNTS
        ):
            yield Violation(
                path=use.statistic_path,
                got=statistic,
                must=f"be one of {', '.join(sorted(metric.statistics))} because {metric.name}",
                fix=f"Take {metric.default}.",
            )


RULES: Final = (
    alarm_metric_unknown,
    alarm_metric_dimensions_wrong,
    alarm_statistic_unsuitable,
)

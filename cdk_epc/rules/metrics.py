"""Rules of metrics: what their interval holds for, and what is switched on without being asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import EndpointConfigSpec, MetricsConfig
from cdk_epc.spec.unresolved import is_integer

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricsConfig.html"
_DETAILED: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/"
    "monitoring-detailed-observability-getting-started.html"
)
_DEFAULT_SECONDS: Final = 60


@rule(
    id="metrics-frequency-ignored",
    title="An interval of metrics holds for what is published",
    why="Without enhanced metrics it holds for utilization only; invocations are still "
    "published every 60 seconds.",
    fix="Switch the enhanced metrics on, or leave the interval out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    requires=("metrics_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("MET.FREQ_SCOPE",),
)
def metrics_frequency_ignored(spec: EndpointConfigSpec) -> Iterator[Violation]:
    metrics = spec.metrics_config
    if not isinstance(metrics, MetricsConfig):
        return
    seconds = metrics.metric_publish_frequency_in_seconds
    enhanced, detailed = metrics.enable_enhanced_metrics, metrics.enable_detailed_observability
    # Detailed observability publishes at that interval, too.
    if enhanced in (None, False) and detailed is False and is_integer(seconds):
        if seconds == _DEFAULT_SECONDS:
            return
        yield Violation(
            path=("metrics_config", "metric_publish_frequency_in_seconds"),
            got=seconds,
            must="be 60, or enhanced metrics because without them it holds for utilization only",
            fix="Set EnableEnhancedMetrics to true, or leave the interval out.",
        )


@rule(
    id="metrics-observability-missing",
    title="Who configures metrics says whether observability is detailed",
    why="It is on by default since 2026-06-17, and each of its metrics costs.",
    fix="Set EnableDetailedObservability to true or false.",
    evidence=Evidence.DOCUMENTED,
    source_url=_DETAILED,
    requires=("metrics_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("MET.OBS_DEFAULT",),
)
def metrics_observability_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    metrics = spec.metrics_config
    if isinstance(metrics, MetricsConfig) and metrics.enable_detailed_observability is None:
        yield Violation(
            path=("metrics_config", "enable_detailed_observability"),
            got=None,
            must="be true or false because it is on by default and its metrics cost",
            fix="Say whether you want it.",
        )


RULES: Final = (
    metrics_frequency_ignored,
    metrics_observability_missing,
)

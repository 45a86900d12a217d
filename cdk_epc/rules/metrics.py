"""Rules of metrics: their publishing interval and detailed observability."""

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
    title="A publishing interval should only be set with enhanced metrics",
    why="Without enhanced metrics the interval applies to utilization metrics only; SageMaker "
    "still publishes invocation metrics every 60 seconds.",
    fix="Enable enhanced metrics, or remove the interval.",
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
    # Detailed observability has metrics that follow the interval as well.
    if enhanced in (None, False) and detailed is False and is_integer(seconds):
        if seconds == _DEFAULT_SECONDS:
            return
        yield Violation(
            path=("metrics_config", "metric_publish_frequency_in_seconds"),
            got=seconds,
            must="be 60 because enhanced metrics are disabled",
            fix="Set `enable_enhanced_metrics` to true, or remove the interval.",
            python_fix="Set `enable_enhanced_metrics` to True, or remove the interval.",
        )


@rule(
    id="metrics-observability-missing",
    title="A metrics configuration should enable or disable detailed observability",
    why="AWS enables it by default since 2026-06-17, and charges for each of its metrics.",
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
            required="because AWS enables it by default and charges for its metrics",
            fix="Set `enable_detailed_observability` to true or false.",
            python_fix="Set `enable_detailed_observability` to True or False.",
        )


RULES: Final = (metrics_frequency_ignored,)
PEDANTIC: Final = (metrics_observability_missing,)
"""Rules of the pack `pedantic`."""

"""Check of the alarms of step scaling, before there is a construct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cdk_epc.autoscaling.scaling_policy import ScalableTargetInternals
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.rules import Severity
from cdk_epc.rules.evaluation import evaluate
from cdk_epc.rules.registry import rules_of
from cdk_epc.spec.alarm import AlarmSpec, MetricDataQuery, MetricName, MetricStat
from cdk_epc.spec.scaling import CustomizedMetricSpecification, MetricQuery, TrackedStatistic
from cdk_epc.spec.unresolved import items_of

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric

    from cdk_epc.autoscaling.step_scaling import StepSettings

_OPTIONS: Final = ("evaluation_periods", "datapoints_to_alarm", "treat_missing_data")
"""Options of a step policy that are members of its alarms."""
_DEFAULT_PERIOD: Final = 300
"""Default period of a metric of CDK in seconds."""


def check_step_alarm(
    target: ScalableTargetInternals,
    call: str,
    metric: IMetric,
    spec: CustomizedMetricSpecification,
    settings: StepSettings,
) -> None:
    """Check the alarms that step scaling creates.

    Args:
        target: The target of the policies.
        call: The call, as messages name it.
        metric: Metric of the alarms.
        spec: The same metric, converted.
        settings: Options of the policies.

    Raises:
        EndpointConfigError: CloudWatch refuses the alarms.
    """
    alarm = _alarm(spec, _period(metric), settings)
    acknowledged = {*(settings.acknowledge or ()), *target.state.scope.acknowledged()}
    for rule, violation in evaluate(alarm, rules_of(AlarmSpec)):
        if rule.severity is Severity.ERROR and rule.id not in acknowledged:
            step = violation.path[0]
            argument = step if step in _OPTIONS else "metric"
            target.state.raise_call_error(rule, violation, f"{call}.{argument}", CallSite.current())


def _alarm(spec: CustomizedMetricSpecification, period: int, settings: StepSettings) -> AlarmSpec:
    options: dict[str, Any] = {name: getattr(settings, name) for name in _OPTIONS}
    # The threshold and the operator of each alarm come from the steps and are always right.
    options |= {"threshold": 0, "comparison_operator": "GreaterThanOrEqualToThreshold"}
    if spec.metrics is None:
        return AlarmSpec(
            namespace=spec.namespace,
            metric_name=spec.metric_name,
            dimensions=spec.dimensions,
            statistic=spec.statistic,
            period=period,
            **options,
        )
    return AlarmSpec(
        metrics=tuple(
            _query(each, period) for each in items_of(spec.metrics) if isinstance(each, MetricQuery)
        ),
        **options,
    )


def _query(query: MetricQuery, period: int) -> MetricDataQuery:
    stat = query.metric_stat
    if not isinstance(stat, TrackedStatistic) or stat.metric is None:
        return MetricDataQuery(
            id=query.id, expression=query.expression, return_data=query.return_data, period=period
        )
    metric = MetricName(
        namespace=stat.metric.namespace,
        metric_name=stat.metric.metric_name,
        dimensions=stat.metric.dimensions,
    )
    return MetricDataQuery(
        id=query.id,
        metric_stat=MetricStat(metric=metric, stat=stat.stat, period=period),
        return_data=query.return_data,
    )


def _period(metric: IMetric) -> int:
    """Return the period of a metric or expression in seconds."""
    period: Any = getattr(metric, "period", None)
    return int(period.to_seconds()) if hasattr(period, "to_seconds") else _DEFAULT_PERIOD

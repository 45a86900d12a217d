"""Rules of alarms: thresholds outside the range of the metric, and dependency cycles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.rules._metric_lookup import listed, monitored_types, published
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import EndpointSpec, InferenceComponentSpec
from cdk_epc.spec.alarm import MetricUse
from cdk_epc.spec.context import AlarmContext, EndpointContext, InferenceComponentContext
from cdk_epc.spec.unresolved import (
    Unresolved,
    is_number,
    is_resolved,
    items_of,
    known_start,
)

if TYPE_CHECKING:
    from cdk_epc.catalog.metrics import PublishedMetric

_GUARDRAILS: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html"
)
_METRICS: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html"
_CYCLE: Final = "https://github.com/aws/aws-cdk/issues/25346"
_ALARMS: Final = frozenset({"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"})
_ABOVE: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": gt,
    "GreaterThanOrEqualToThreshold": ge,
}
_BELOW: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "LessThanThreshold": lt,
    "LessThanOrEqualToThreshold": le,
}
_OF_SAMPLES: Final = frozenset({"Average", "Minimum", "Maximum"})
"""Statistics within the range of single values."""
_TRIMMED: Final = re.compile(r"(?:tm|wm)\d{1,2}(?:\.\d{1,10})?|IQM", re.ASCII)


@attrs.frozen(eq=False, repr=False)
class _Comparison(Record):
    """Comparison of an alarm, with the range of the compared statistic.

    Attributes:
        metric: The published metric.
        statistic: The statistic of the metric.
        operator: The comparison operator.
        threshold: The threshold.
        minimum: Minimum of the statistic.
        maximum: Maximum of the statistic; ``None`` if it has none or if it is unknown.
    """

    metric: PublishedMetric
    statistic: str
    operator: str
    threshold: float
    minimum: float
    maximum: float | None

    def violation(self, requirement: str, *, is_of_maximum: bool) -> Violation:
        """Return the violation of a requirement on the threshold."""
        if is_of_maximum:
            reason = f"is never above {self.maximum:g}"
        else:
            reason = f"is never below {self.minimum:g}"
        return Violation(
            path=("threshold",),
            got=self.threshold,
            must=f"{requirement} because the {self.statistic} of {self.metric.name} {reason}",
            fix=self._fix(is_of_maximum=is_of_maximum),
        )

    def _fix(self, *, is_of_maximum: bool) -> str:
        if self.maximum == 1:
            return (
                "Set `threshold` to a fraction between 0 and 1, such as 0.05, or use the statistic "
                "Sum."
            )
        if is_of_maximum and self.metric.range.per is not None:
            return f"Lower `threshold`; 100 is one {self.metric.range.per}."
        return "Set `threshold` to a value within the range of the metric."


@rule(
    id="alarm-never-fires",
    title="The threshold of an alarm should be within the range of its metric",
    why="The alarm never goes off, and no deployment is rolled back. The average of an error "
    "metric is a fraction and never above 1, and most utilizations are never above 100. The "
    "sample in AWS's guide has this mistake.",
    fix="Set a threshold that the metric can pass, or use another statistic.",
    evidence=Evidence.INFERRED,
    source_url=_GUARDRAILS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_never_fires(subject: AlarmContext) -> Iterator[Violation]:
    each = _comparison(subject)
    if each is None:
        return
    above, below = _ABOVE.get(each.operator), _BELOW.get(each.operator)
    if above and each.maximum is not None and not above(each.maximum, each.threshold):
        bound = f"{each.maximum:g}"
        requirement = f"be less than {bound}" if above is gt else f"be {bound} or less"
        yield each.violation(requirement, is_of_maximum=True)
    elif below and not below(each.minimum, each.threshold):
        bound = f"{each.minimum:g}"
        requirement = f"be more than {bound}" if below is lt else f"be {bound} or more"
        yield each.violation(requirement, is_of_maximum=False)


@rule(
    id="alarm-always-fires",
    title="The threshold of an alarm should not be passed by every value of its metric",
    why="The alarm is always on, and rolls back every deployment.",
    fix="Set a threshold within the range of the metric.",
    evidence=Evidence.INFERRED,
    source_url=_METRICS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_always_fires(subject: AlarmContext) -> Iterator[Violation]:
    each = _comparison(subject)
    if each is None:
        return
    above, below = _ABOVE.get(each.operator), _BELOW.get(each.operator)
    if above and above(each.minimum, each.threshold):
        bound = f"{each.minimum:g}"
        requirement = f"be {bound} or more" if above is gt else f"be more than {bound}"
        yield each.violation(requirement, is_of_maximum=False)
    elif below and each.maximum is not None and below(each.maximum, each.threshold):
        bound = f"{each.maximum:g}"
        requirement = f"be {bound} or less" if below is lt else f"be less than {bound}"
        yield each.violation(requirement, is_of_maximum=True)


def _comparison(subject: AlarmContext) -> _Comparison | None:
    """Return the comparison of an alarm; ``None`` if missing data or unknown values decide it."""
    alarm = subject.alarm
    use, threshold = alarm.compared_metric(), alarm.threshold
    if use is None or not is_number(threshold) or not _ignores_missing(alarm.treat_missing_data):
        return None
    # Imported here because endpoints without alarms do not need the metrics.
    from cdk_epc.catalog.metrics import Statistic  # noqa: PLC0415

    metric, statistic = published(use), use.statistic
    if metric is None or not isinstance(statistic, str):
        return None
    maximum = _maximum(subject, use, metric, statistic)
    if maximum is None and statistic not in set(Statistic):
        return None
    operator = str(alarm.comparison_operator)
    return _Comparison(metric, statistic, operator, threshold, metric.range.minimum, maximum)


def _ignores_missing(treatment: object) -> bool:
    """Return whether only data decides; with ``breaching``, missing data set the alarm off."""
    return treatment is None or (is_resolved(treatment) and treatment != "breaching")


def _maximum(
    subject: AlarmContext, use: MetricUse, metric: PublishedMetric, statistic: str
) -> float | None:
    """Return the maximum of a statistic that lies within the range of the samples."""
    from cdk_epc.catalog.metrics import is_percentile  # noqa: PLC0415 - as above

    if not (statistic in _OF_SAMPLES or is_percentile(statistic) or _TRIMMED.fullmatch(statistic)):
        return None
    if metric.range.per is None:
        return metric.maximum_of(statistic)
    every = [
        # A type without GPUs publishes no GPU metric, so it has no maximum.
        metric.maximum_of(statistic, vcpus=type_.vcpus, gpus=type_.gpus or None)
        for type_ in monitored_types(subject, use)
    ]
    known = [maximum for maximum in every if maximum is not None]
    return max(known) if known and len(known) == len(every) else None


@rule(
    id="rollback-alarm-cycle",
    title="A rollback alarm must not depend on the resource that it rolls back",
    why="The deployment fails with a circular dependency: the resource needs the name of the "
    "alarm, and a dimension of the alarm refers to the resource.",
    fix="Give the endpoint or component a literal name, and write that name in the alarm's "
    "dimension instead of a reference.",
    evidence=Evidence.REAL_ERROR,
    source_url=_CYCLE,
    about=(EndpointContext, InferenceComponentContext),
    requires=("alarms",),
    of_templates=True,
)
def rollback_alarm_cycle(
    subject: EndpointContext | InferenceComponentContext,
) -> Iterator[Violation]:
    resource = "endpoint" if isinstance(subject, EndpointContext) else "component"
    for path, alarm in subject.alarms.items():
        if alarm.is_dependent:
            yield Violation(
                path=path,
                got=Words(f"an alarm, {alarm.logical_id}, that depends on the {resource}"),
                sentence=f"rollback alarm {alarm.logical_id} depends on the {resource} that it "
                "rolls back, so that CloudFormation can create neither",
                fix=f"Give the {resource} a name, and write that name in the dimension of the "
                "alarm instead of a reference.",
            )


@rule(
    id="rollback-alarm-suppressor-incomplete",
    title="A composite rollback alarm with a suppressor must have both of its periods",
    why="CloudWatch refuses a suppressor without the two periods, and periods without a "
    "suppressor.",
    fix="Set ActionsSuppressor, ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod, "
    "or none of them.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/"
    "API_PutCompositeAlarm.html",
    about=(EndpointContext, InferenceComponentContext),
    of_templates=True,
)
def rollback_alarm_suppressor_incomplete(
    subject: EndpointContext | InferenceComponentContext,
) -> Iterator[Violation]:
    for path, alarm in subject.alarms.items():
        if alarm.composite is None:
            continue
        has_suppressor = alarm.composite.actions_suppressor is not None
        periods = {
            "ActionsSuppressorWaitPeriod": alarm.composite.actions_suppressor_wait_period,
            "ActionsSuppressorExtensionPeriod": alarm.composite.actions_suppressor_extension_period,
        }
        wrong = [name for name, value in periods.items() if (value is None) == has_suppressor]
        if wrong:
            yield Violation(
                path=path,
                got=Words(f"the composite alarm {alarm.logical_id}"),
                sentence=f"composite alarm {alarm.logical_id} has "
                + (
                    f"ActionsSuppressor without {listed(wrong)}"
                    if has_suppressor
                    else f"{listed(wrong)} without ActionsSuppressor"
                ),
                fix="Set all three members, or none of them.",
            )


@rule(
    id="rollback-alarm-is-arn",
    title="A rollback alarm should be given by its name, not by its ARN",
    why="SageMaker looks for an alarm with this name and finds none, so that nothing rolls a "
    "deployment back.",
    fix="Use the name of the alarm, which Ref of an alarm is.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Alarm.html",
    about=(EndpointSpec, InferenceComponentSpec),
    severity=Severity.WARNING,
)
def rollback_alarm_is_arn(spec: EndpointSpec | InferenceComponentSpec) -> Iterator[Violation]:
    rollback = getattr(spec.deployment_config, "auto_rollback_configuration", None)
    for index, alarm in enumerate(items_of(getattr(rollback, "alarms", None))):
        name = getattr(alarm, "alarm_name", None)
        reference = name.refers_to if isinstance(name, Unresolved) else None
        is_reference = (
            reference is not None and reference.type in _ALARMS and reference.attribute == "Arn"
        )
        if is_reference or known_start(name).startswith("arn:"):
            yield Violation(
                path=(
                    "deployment_config",
                    "auto_rollback_configuration",
                    "alarms",
                    index,
                    "alarm_name",
                ),
                got=Words(f"the ARN of {reference.logical_id}" if reference else "an ARN"),
                must="be the name of the alarm",
                fix=f'Use {{"Ref": "{reference.logical_id}"}}.'
                if reference
                else "Write the name, which is the last part of the ARN.",
            )


_LATENCIES: Final = frozenset({"ModelLatency", "FirstChunkLatency"})
_MILLISECOND: Final = 1000
"""Microseconds in a millisecond."""
_TOTALS: Final = frozenset({"Sum", "SampleCount"})


@rule(
    id="alarm-latency-threshold-too-small",
    title="The threshold of an alarm on a latency should be in microseconds",
    why="SageMaker publishes latencies in microseconds. Hardly any model responds within a "
    "millisecond, so that an alarm with a threshold in milliseconds or seconds is always on.",
    fix="Multiply milliseconds by 1,000, and seconds by 1,000,000.",
    evidence=Evidence.INFERRED,
    source_url=_METRICS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_latency_threshold_too_small(subject: AlarmContext) -> Iterator[Violation]:
    alarm = subject.alarm
    use, threshold = alarm.compared_metric(), alarm.threshold
    metric = None if use is None else published(use)
    if (
        use is None
        or metric is None
        or metric.name not in _LATENCIES
        or not isinstance(use.statistic, str)
        or use.statistic in _TOTALS
        or str(alarm.comparison_operator) not in _ABOVE
    ):
        return
    if is_number(threshold) and 0 < threshold < _MILLISECOND:
        yield Violation(
            path=("threshold",),
            got=threshold,
            must=f"be {_MILLISECOND} or more, because {metric.name} is in microseconds",
            fix="Multiply milliseconds by 1,000, and seconds by 1,000,000.",
        )


RULES: Final = (
    rollback_alarm_cycle,
    rollback_alarm_suppressor_incomplete,
    rollback_alarm_is_arn,
    alarm_never_fires,
    alarm_always_fires,
    alarm_latency_threshold_too_small,
)

"""Rules of alarms: thresholds that no value comes to, and alarms that wait for what they guard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import ge, gt, le, lt
from typing import Final

from cdk_epc.catalog.metrics import PublishedMetric, Statistic, is_percentile
from cdk_epc.rules._metric_lookup import published, types_watched
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec.alarm import MetricUse
from cdk_epc.spec.context import AlarmContext, EndpointContext, InferenceComponentContext
from cdk_epc.spec.unresolved import is_given, is_number

_GUARDRAILS: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html"
)
_METRICS: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html"
_CYCLE: Final = "https://github.com/aws/aws-cdk/issues/25346"
_ABOVE: Final = {"GreaterThanThreshold": gt, "GreaterThanOrEqualToThreshold": ge}
_BELOW: Final = {"LessThanThreshold": lt, "LessThanOrEqualToThreshold": le}
_OF_SAMPLES: Final = frozenset({Statistic.AVERAGE, Statistic.MINIMUM, Statistic.MAXIMUM})
_TRIMMED: Final = re.compile(r"(?:tm|wm)\d{1,2}(?:\.\d{1,10})?|IQM", re.ASCII)


@rule(
    id="alarm-never-fires",
    title="An alarm's threshold can be passed",
    why="The average of errors is a share and never above 1, and a utilisation never above "
    "100. An alarm beyond that never goes off, and nothing is rolled back. The guide's own "
    "sample has this mistake.",
    fix="Give a threshold that the metric can pass, or take another statistic.",
    evidence=Evidence.INFERRED,
    source_url=_GUARDRAILS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_never_fires(subject: AlarmContext) -> Iterator[Violation]:
    for least, most, threshold, metric in _ranges(subject):
        operator = str(subject.alarm.comparison_operator)
        if operator in _ABOVE and most is not None and not _ABOVE[operator](most, threshold):
            reason = f"is at most {_number(most)}"
        elif operator in _BELOW and not _BELOW[operator](least, threshold):
            reason = f"is at least {_number(least)}"
        else:
            continue
        yield Violation(
            path=("threshold",),
            got=threshold,
            must=f"be a value that is passed now and then because {metric.name} {reason}",
            fix=_fix(metric, most),
        )


@rule(
    id="alarm-always-fires",
    title="An alarm's threshold is not passed by every value",
    why="An alarm that every value sets off tells nothing, and rolls back each deployment.",
    fix="Give a threshold that a good day does not pass.",
    evidence=Evidence.INFERRED,
    source_url=_METRICS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_always_fires(subject: AlarmContext) -> Iterator[Violation]:
    for least, most, threshold, metric in _ranges(subject):
        operator = str(subject.alarm.comparison_operator)
        if operator in _ABOVE and _ABOVE[operator](least, threshold):
            reason = f"is at least {_number(least)}"
        elif operator in _BELOW and most is not None and _BELOW[operator](most, threshold):
            reason = f"is at most {_number(most)}"
        else:
            continue
        yield Violation(
            path=("threshold",),
            got=threshold,
            must=f"be a value that is not passed always because {metric.name} {reason}",
            fix="Give a threshold within what the metric can be.",
        )


def _fix(metric: PublishedMetric, most: float | None) -> str:
    if most == 1:
        return "Give a share between 0 and 1, such as 0.05; or take the statistic Sum."
    if metric.range.per is not None:
        return f"Give less; 100 is one {metric.range.per}."
    return "Give a threshold within what the metric can be."


def _number(value: float) -> str:
    return f"{value:g}"


def _ranges(
    subject: AlarmContext,
) -> Iterator[tuple[float, float | None, float, PublishedMetric]]:
    """The least and the greatest value of what is compared, with the threshold and the metric."""
    alarm = subject.alarm
    use, threshold = alarm.compared(), alarm.threshold
    if use is None or not is_number(threshold) or not _counts_missing(alarm.treat_missing_data):
        return
    metric, statistic = published(use), use.statistic
    if metric is not None and isinstance(statistic, str):
        most = _most(subject, use, metric, statistic)
        if most is not None or statistic in set(Statistic):
            yield metric.range.least, most, threshold, metric


def _counts_missing(treatment: object) -> bool:
    """Whether only data decides: with ``breaching`` an alarm goes off for their lack."""
    return treatment is None or (is_given(treatment) and treatment != "breaching")


def _most(
    subject: AlarmContext, use: MetricUse, metric: PublishedMetric, statistic: str
) -> float | None:
    """The greatest value of a statistic that is one of the samples, or lies among them."""
    if not (statistic in _OF_SAMPLES or is_percentile(statistic) or _TRIMMED.fullmatch(statistic)):
        return None
    if metric.range.per is None:
        return metric.most_of(statistic)
    types = types_watched(subject, use)
    each = [
        metric.most_of(
            statistic,
            vcpus=type_.vcpus,
            gpus=type_.gpus or None,
        )
        for type_ in types
    ]
    known = [most for most in each if most is not None]
    return max(known) if known and len(known) == len(each) else None


@rule(
    id="rollback-alarm-cycle",
    title="An alarm that a deployment is rolled back for does not wait for what is deployed",
    why="CloudFormation makes neither: the resource needs the alarm's name, and the alarm's "
    "dimension needs the resource's. The template is undeployable, a dependency cycle.",
    fix="Give the endpoint or component a literal name, and the alarm's dimension the same "
    "text instead of a reference.",
    evidence=Evidence.REAL_ERROR,
    source_url=_CYCLE,
    about=(EndpointContext, InferenceComponentContext),
    of_templates=True,
)
def rollback_alarm_cycle(
    subject: EndpointContext | InferenceComponentContext,
) -> Iterator[Violation]:
    what = "endpoint" if isinstance(subject, EndpointContext) else "component"
    for path, alarm in subject.alarms.items():
        if alarm.waits_for:
            yield Violation(
                path=path,
                got=Words(f"an alarm, {alarm.logical_id}, that refers back to the {what}"),
                must="be an alarm that can be made first",
                fix=f"Give the {what} a name, and write that name into the alarm's dimension.",
            )


RULES: Final = (
    rollback_alarm_cycle,
    alarm_never_fires,
    alarm_always_fires,
)

"""Rules of the actions of alarms: the services and the regions of their targets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import Path
from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.context import AlarmContext
from cdk_epc.spec.similarity import get_close_matches
from cdk_epc.spec.unresolved import is_string, items_of

_PUT: Final = (
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
)
_ABOUT: Final = (AlarmSpec,)
_ACTIONS: Final = ("alarm_actions", "ok_actions", "insufficient_data_actions")
_SERVICES: Final = (
    "aiops",
    "autoscaling",
    "automate",
    "lambda",
    "sns",
    "ssm",
    "ssm-incidents",
    "swf",
)
"""Services in the ARNs of allowed actions."""
_MISSPELT: Final = 0.8
"""Similarity of a misspelt service; aidevops, a service of its own, has 0.77 to aiops."""
_NEVER_ACTIONS: Final = frozenset({"s3", "sqs", "events", "iam", "logs", "states", "ses"})
"""Services without actions for alarms."""
_ARN: Final = re.compile(r"arn:[a-z-]+:([a-z0-9-]+):([a-z0-9-]*):", re.ASCII)
_EC2_ACTIONS: Final = frozenset({"automate", "swf"})
"""Services whose actions stop, reboot or recover an EC2 instance."""


def _actions(alarm: AlarmSpec) -> Iterator[tuple[Path, str, str, str]]:
    """Yield the actions that are known: path, ARN, service and region."""
    for name in _ACTIONS:
        for index, arn in enumerate(items_of(getattr(alarm, name))):
            match = _ARN.match(arn) if is_string(arn) else None
            if match is not None:
                yield (name, index), arn, match[1], match[2]


def _is_mistake(service: str) -> bool:
    """Return whether a service surely has no actions: it is a misspelling or another service."""
    near = get_close_matches(service, _SERVICES, n=1, cutoff=_MISSPELT)
    return service in _NEVER_ACTIONS or bool(near)


@rule(
    id="alarm-action-unsupported",
    title="An action of an alarm must be of a service that CloudWatch calls",
    why="CloudWatch refuses other actions: Unsupported AWS vendor.",
    fix="Use an SNS topic, a Lambda function, a scaling policy or an action of Systems Manager.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PUT,
    about=_ABOUT,
)
def alarm_action_unsupported(alarm: AlarmSpec) -> Iterator[Violation]:
    for path, arn, service, _ in _actions(alarm):
        if service not in _SERVICES and _is_mistake(service):
            yield Violation(
                path=path,
                got=arn,
                must=f"be an action of {', '.join(_SERVICES[:-1])} or {_SERVICES[-1]}, not of "
                f"{service}",
                fix="Use an SNS topic or a Lambda function, which can pass the message on.",
            )
    if alarm.threshold_metric_id is None:
        return
    for path, arn, service, _ in _actions(alarm):
        if service == "autoscaling":
            yield Violation(
                path=path,
                got=arn,
                not_allowed="beside `threshold_metric_id`, because an alarm on a band cannot scale",
                fix="Compare with `threshold`, or remove the action.",
            )


@rule(
    id="alarm-action-unknown",
    title="An action of an alarm should be of a service that AWS documents",
    why="The service may be newer than this library; otherwise CloudWatch refuses the alarm.",
    fix="Check the ARN. If the service is new, acknowledge the warning.",
    evidence=Evidence.INFERRED,
    source_url=_PUT,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def alarm_action_unknown(alarm: AlarmSpec) -> Iterator[Violation]:
    for path, arn, service, _ in _actions(alarm):
        if service not in _SERVICES and not _is_mistake(service):
            yield Violation(
                path=path,
                got=arn,
                must=f"be an action of {', '.join(_SERVICES[:-1])} or {_SERVICES[-1]}",
                fix="Check the ARN. If the service is new, acknowledge the warning.",
            )


@rule(
    id="alarm-action-other-region",
    title="An action of an alarm should be in the region of the alarm",
    why="CloudWatch calls topics, functions and other targets in the region of the alarm only, so "
    "that the action does not happen.",
    fix="Use a target in the region of the alarm.",
    evidence=Evidence.INFERRED,
    source_url=_PUT,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_action_other_region(subject: AlarmContext) -> Iterator[Violation]:
    for path, arn, service, region in _of_other_regions(subject):
        if service in _SERVICES and service not in _EC2_ACTIONS:
            yield Violation(
                path=path,
                got=arn,
                must=f"be in {subject.region}, the region of the alarm, not in {region}",
                fix=f"Use a target in {subject.region}.",
            )


@rule(
    id="alarm-instance-action-other-region",
    title="An action on an EC2 instance must be in the region of the alarm",
    why="CloudWatch refuses the alarm.",
    fix="Write the region of the alarm in the ARN of the action.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PUT,
    about=(AlarmContext,),
)
def alarm_instance_action_other_region(subject: AlarmContext) -> Iterator[Violation]:
    for path, arn, service, region in _of_other_regions(subject):
        if service in _EC2_ACTIONS:
            yield Violation(
                path=path,
                got=arn,
                must=f"be in {subject.region}, the region of the alarm, not in {region}",
                fix=f"Write {subject.region} in the ARN.",
            )


def _of_other_regions(subject: AlarmContext) -> Iterator[tuple[Path, str, str, str]]:
    """Yield the actions outside the region of an alarm: path, ARN, service and region."""
    if subject.region is None:
        return
    for path, arn, service, region in _actions(subject.alarm):
        if region not in {"", subject.region}:
            yield path, arn, service, region


RULES: Final = (
    alarm_action_unsupported,
    alarm_action_unknown,
    alarm_action_other_region,
    alarm_instance_action_other_region,
)

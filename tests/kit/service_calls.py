"""Resources that moto's CloudFormation ignores, created by the APIs of the services."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from kit.differences import Differences, difference
from kit.moto_server import Cloud, violations_of
from kit.references import ALARM, POLICY, TARGET, Resource

SCALING: Final = "application-autoscaling"
BY_TARGET: Final = ("ServiceNamespace", "ResourceId", "ScalableDimension")
INSTANCES: Final = "sagemaker:variant:DesiredInstanceCount"
"""The only dimension of SageMaker's that moto knows."""


def create_by_api(cloud: Cloud, deployed: dict[str, Resource]) -> dict[str, Differences]:
    """Create the scalable targets, policies and alarms of a stack, and return the differences.

    For dimensions that moto does not know, botocore checks the parameters of the calls.
    """
    made = {TARGET: _make_target, POLICY: _make_policy, ALARM: _make_alarm}
    # A policy comes after its target.
    ordered = sorted(deployed.items(), key=lambda row: row[1].type == POLICY)
    found = {
        name: made[each.type](cloud, each, deployed) for name, each in ordered if each.type in made
    }
    return {name: each for name, each in found.items() if each.lost or each.changed}


def registered(target: Resource) -> dict[str, Any]:
    """Return the parameters of RegisterScalableTarget, without the schedules of the target."""
    return {key: what for key, what in target.properties.items() if key != "ScheduledActions"}


def put(policy: Resource, deployed: dict[str, Resource]) -> dict[str, Any]:
    """Return the parameters of PutScalingPolicy, with the target that the policy refers to."""
    properties = dict(policy.properties)
    target = deployed[properties.pop("ScalingTargetId")].properties
    return {**properties, **{key: target[key] for key in BY_TARGET}}


def scheduled(target: Resource) -> list[dict[str, Any]]:
    """Return the parameters of PutScheduledAction for each schedule of a target."""
    keys = {key: target.properties[key] for key in BY_TARGET}
    return [{**each, **keys} for each in target.properties.get("ScheduledActions", ())]


def _make_target(cloud: Cloud, target: Resource, _: dict[str, Resource]) -> Differences:
    declared = registered(target)
    if declared["ScalableDimension"] != INSTANCES:
        return _checked("RegisterScalableTarget", declared)
    service = cloud.client(SCALING)
    service.register_scalable_target(**declared)
    (read,) = service.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[declared["ResourceId"]]
    )["ScalableTargets"]
    found = difference(declared, read)
    for each in scheduled(target):
        schedule = _make_schedule(cloud, each)
        found.lost.extend(schedule.lost)
        found.changed.extend(schedule.changed)
    return found


def _make_schedule(cloud: Cloud, declared: dict[str, Any]) -> Differences:
    service = cloud.client(SCALING)
    service.put_scheduled_action(**declared)
    (read,) = service.describe_scheduled_actions(
        ServiceNamespace="sagemaker", ScheduledActionNames=[declared["ScheduledActionName"]]
    )["ScheduledActions"]
    moments = {key: each for key, each in read.items() if isinstance(each, datetime)}
    utc = {key: each.astimezone(UTC) for key, each in moments.items()}
    wanted = {key: datetime.fromisoformat(declared[key]) for key in utc if key in declared}
    return difference({**declared, **wanted}, {**read, **utc})


def _make_policy(cloud: Cloud, policy: Resource, deployed: dict[str, Resource]) -> Differences:
    declared = put(policy, deployed)
    if declared["ScalableDimension"] != INSTANCES:
        return _checked("PutScalingPolicy", declared)
    service = cloud.client(SCALING)
    service.put_scaling_policy(**declared)
    every = service.describe_scaling_policies(
        ServiceNamespace="sagemaker", ResourceId=declared["ResourceId"]
    )["ScalingPolicies"]
    (read,) = (each for each in every if each["PolicyName"] == declared["PolicyName"])
    return difference(declared, read)


def _make_alarm(cloud: Cloud, alarm: Resource, _: dict[str, Resource]) -> Differences:
    service = cloud.client("cloudwatch")
    service.put_metric_alarm(**{"AlarmName": alarm.id, **alarm.properties})
    name = alarm.properties.get("AlarmName", alarm.id)
    (read,) = service.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return difference(alarm.properties, read)


def _checked(operation: str, declared: dict[str, Any]) -> Differences:
    assert violations_of(operation, declared, SCALING) == ""
    return Differences()


def policy_differences(cloud: Cloud, deployed: dict[str, Resource]) -> list[str]:
    """Return the roles and policies that differ from their declarations when read back."""
    iam = cloud.client("iam")
    found = []
    for name, each in deployed.items():
        if each.type == "AWS::IAM::Role":
            trust = iam.get_role(RoleName=each.name)["Role"]["AssumeRolePolicyDocument"]
            if trust != each.properties["AssumeRolePolicyDocument"]:
                found.append(name)
        if each.type == "AWS::IAM::Policy":
            policy = each.properties["PolicyName"]
            found += [
                name
                for role in each.properties["Roles"]
                if iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
                != each.properties["PolicyDocument"]
            ]
    return found

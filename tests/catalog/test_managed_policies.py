"""AWS managed policies of execution roles."""

from __future__ import annotations

from datetime import date

from cdk_epc.catalog.managed_policies import FULL_ACCESS, FULL_ACCESS_WORDS, MANAGED_POLICIES
from cdk_epc.spec.role import Role

PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetAuthorizationToken")
ACTIONS = (
    *PULL,
    "s3:GetObject",
    "s3:PutObject",
    "s3:ListBucket",
    "logs:PutLogEvents",
    "cloudwatch:DescribeAlarms",
    "ec2:CreateNetworkInterface",
    "kms:Decrypt",
    "ssmmessages:OpenDataChannel",
    "sns:Publish",
)
ALLOWED = {
    FULL_ACCESS: {*ACTIONS} - {"kms:Decrypt", "ssmmessages:OpenDataChannel"},
    "AmazonSageMakerReadOnly": {"cloudwatch:DescribeAlarms"},
    "AmazonS3ReadOnlyAccess": {"s3:GetObject", "s3:ListBucket"},
    "AmazonS3FullAccess": {"s3:GetObject", "s3:PutObject", "s3:ListBucket"},
    "AmazonEC2ContainerRegistryReadOnly": {*PULL},
    "AmazonEC2ContainerRegistryPowerUser": {*PULL},
    "AmazonEC2ContainerRegistryFullAccess": {*PULL},
    "AmazonEC2ContainerRegistryPullOnly": {*PULL},
    "CloudWatchLogsFullAccess": {"logs:PutLogEvents"},
    "CloudWatchFullAccess": {"logs:PutLogEvents", "cloudwatch:DescribeAlarms", "sns:Publish"},
    "CloudWatchFullAccessV2": {"logs:PutLogEvents", "cloudwatch:DescribeAlarms"},
    "AWSLambdaBasicExecutionRole": {"logs:PutLogEvents"},
    "AmazonSSMManagedInstanceCore": {"ssmmessages:OpenDataChannel"},
    "AdministratorAccess": {*ACTIONS},
    "PowerUserAccess": {*ACTIONS},
}


def test_actions_of_each_policy() -> None:
    found = {
        name: {
            action
            for action in ACTIONS
            if Role(logical_id="Role", statements=policy.statements).allows(action)
        }
        for name, policy in MANAGED_POLICIES.items()
    }
    assert found == ALLOWED


def test_versions() -> None:
    for name, policy in MANAGED_POLICIES.items():
        assert policy.version.startswith("v")
        assert date.fromisoformat(policy.date) <= date(2026, 11, 1)
        assert {each.managed_policy for each in policy.statements} == {name}


def test_objects_of_full_access() -> None:
    (objects,) = (
        each.resources
        for each in MANAGED_POLICIES[FULL_ACCESS].statements
        if each.allows("s3:PutObject")
    )
    assert objects == {f"arn:aws:s3:::*{word}*" for word in FULL_ACCESS_WORDS}

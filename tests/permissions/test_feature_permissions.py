"""Tests of the statements of each permission, and of the execution role."""

from __future__ import annotations

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from kit.cdk import new_stack, template_of
from kit.iam_policies import statement_lines

from cdk_epc.permissions import (
    ExecutionRole,
    Permission,
    RolePermissions,
    feature_permissions,
)

_LOGS = (
    "logs:CreateLogGroup logs:CreateLogStream logs:DescribeLogStreams logs:PutLogEvents on "
    "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/sagemaker/*"
)
_METRICS = (
    "cloudwatch:PutMetricData on * if "
    '{"StringLike": {"cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/*"]}}'
)
_EC2 = "arn:<AWS::Partition>:ec2:<AWS::Region>"
_ALARM = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:"
_PULL = "ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer ecr:BatchGetImage"
_PERMISSIONS = (
    "ec2:CreateNetworkInterfacePermission ec2:DeleteNetworkInterface "
    "ec2:DeleteNetworkInterfacePermission"
)
_DESCRIBE = (
    "ec2:DescribeDhcpOptions ec2:DescribeNetworkInterfaces ec2:DescribeSecurityGroups "
    "ec2:DescribeSubnets ec2:DescribeVpcEndpoints ec2:DescribeVpcs"
)
_PLACES = "<AWS::AccountId>:network-interface/*", "*:subnet/subnet-1", "*:security-group/sg-1"
_FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:f"
_KEYS = "arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/*"
_HAS_ALIAS = '{"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/volumes"}}'
_WRITE = "s3:AbortMultipartUpload s3:PutObject"


def _plain(stack: cdk.Stack) -> s3.Bucket:
    return s3.Bucket(stack, "Bucket")


def _encrypted(stack: cdk.Stack) -> s3.Bucket:
    return s3.Bucket(stack, "Bucket", encryption_key=kms.Key(stack, "Key"))


def _topic(stack: cdk.Stack) -> sns.Topic:
    return sns.Topic(stack, "Topic", master_key=kms.Key(stack, "Key"))


def _function(stack: cdk.Stack) -> lambda_.IFunction:
    return lambda_.Function.from_function_arn(stack, "Function", _FUNCTION)


CASES: dict[str, tuple[Callable[[cdk.Stack], Permission], list[str]]] = {
    "logs and metrics": (feature_permissions.logs_and_metrics, [_LOGS, _METRICS]),
    "ecr_pull": (
        lambda stack: feature_permissions.ecr_pull(ecr.Repository(stack, "Images")),
        [
            f"{_PULL} on <Images>",
            "ecr:GetAuthorizationToken on *",
        ],
    ),
    "s3_read below a prefix": (
        lambda stack: feature_permissions.s3_read(_plain(stack), "in/"),
        ["s3:GetObject on <Bucket>/in/*"],
    ),
    "s3_read below a prefix without a slash": (
        lambda stack: feature_permissions.s3_read(_plain(stack), "in"),
        ["s3:GetObject on <Bucket>/in/*"],
    ),
    "s3_read of a whole bucket": (
        lambda stack: feature_permissions.s3_read(_plain(stack)),
        ["s3:GetObject on <Bucket>/*"],
    ),
    "s3_read below a token": (
        lambda stack: feature_permissions.s3_read(_plain(stack), cdk.Fn.ref("AWS::StackName")),
        ["s3:GetObject on <Bucket>/<AWS::StackName>*"],
    ),
    "s3_read of an encrypted bucket": (
        lambda stack: feature_permissions.s3_read(_encrypted(stack), "in/"),
        ["s3:GetObject on <Bucket>/in/*", "kms:Decrypt on <Key>"],
    ),
    "s3_read_object": (
        lambda stack: feature_permissions.s3_read_object(_plain(stack), "a/model.tar.gz"),
        ["s3:GetObject on <Bucket>/a/model.tar.gz"],
    ),
    "s3_read of a bucket name": (
        lambda _: feature_permissions.s3_read("models", "a/"),
        ["s3:GetObject on arn:<AWS::Partition>:s3:::models/a/*"],
    ),
    "s3_list below a prefix": (
        lambda stack: feature_permissions.s3_list(_plain(stack), "in/"),
        ['s3:ListBucket on <Bucket> if {"StringLike": {"s3:prefix": ["in", "in/*"]}}'],
    ),
    "s3_list of a whole bucket": (
        lambda stack: feature_permissions.s3_list(_plain(stack)),
        ["s3:ListBucket on <Bucket>"],
    ),
    "s3_write": (
        lambda stack: feature_permissions.s3_write(_plain(stack), "out"),
        [f"{_WRITE} on <Bucket>/out/*"],
    ),
    "s3_write with the key of the bucket": (
        lambda stack: feature_permissions.s3_write(_encrypted(stack), "out"),
        [f"{_WRITE} on <Bucket>/out/*", "kms:Decrypt kms:GenerateDataKey on <Key>"],
    ),
    "s3_write with another key": (
        lambda stack: feature_permissions.s3_write(_encrypted(stack), "out", bucket_key=False),
        [f"{_WRITE} on <Bucket>/out/*"],
    ),
    "sns_publish": (
        lambda stack: feature_permissions.sns_publish(sns.Topic(stack, "Topic")),
        ["sns:Publish on <Topic>"],
    ),
    "sns_publish to an encrypted topic": (
        lambda stack: feature_permissions.sns_publish(_topic(stack)),
        ["sns:Publish on <Topic>", "kms:Decrypt kms:GenerateDataKey on <Key>"],
    ),
    "sns_publish to an ARN": (
        lambda _: feature_permissions.sns_publish("arn:aws:sns:eu-west-1:111122223333:t"),
        ["sns:Publish on arn:aws:sns:eu-west-1:111122223333:t"],
    ),
    "kms_encrypt_objects": (
        lambda stack: feature_permissions.kms_encrypt_objects(kms.Key(stack, "Key")),
        ["kms:Decrypt kms:Encrypt kms:GenerateDataKey on <Key>"],
    ),
    "kms_encrypt_objects with an L1 key": (
        lambda stack: feature_permissions.kms_encrypt_objects(kms.CfnKey(stack, "Key")),
        ["kms:Decrypt kms:Encrypt kms:GenerateDataKey on <Key>"],
    ),
    "kms_encrypt_volumes": (
        lambda stack: feature_permissions.kms_encrypt_volumes(kms.Key(stack, "Key")),
        [
            "kms:DescribeKey on <Key>",
            'kms:CreateGrant on <Key> if {"Bool": {"kms:GrantIsForAWSResource": "true"}}',
        ],
    ),
    "kms_encrypt_volumes with an alias": (
        lambda stack: feature_permissions.kms_encrypt_volumes(
            kms.Key(stack, "Key").add_alias("alias/volumes")
        ),
        [
            "kms:DescribeKey on <Key>",
            'kms:CreateGrant on <Key> if {"Bool": {"kms:GrantIsForAWSResource": "true"}}',
        ],
    ),
    "kms_encrypt_objects with an imported alias": (
        lambda stack: feature_permissions.kms_encrypt_objects(
            kms.Alias.from_alias_name(stack, "Alias", "alias/volumes")
        ),
        [
            f"kms:Decrypt kms:Encrypt kms:GenerateDataKey on {_KEYS} if {_HAS_ALIAS}",
        ],
    ),
    "vpc_access": (
        lambda stack: feature_permissions.vpc_access(
            stack, subnet_ids=["subnet-1"], security_group_ids=["sg-1"]
        ),
        [
            "ec2:CreateNetworkInterface on " + " ".join(f"{_EC2}:{each}" for each in _PLACES),
            f"{_PERMISSIONS} on {_EC2}:{_PLACES[0]}",
            f"{_DESCRIBE} on *",
        ],
    ),
    "lambda_invoke": (
        lambda stack: feature_permissions.lambda_invoke(_function(stack)),
        [f"lambda:InvokeFunction on {_FUNCTION} {_FUNCTION}:*"],
    ),
    "cloudwatch_describe_alarms": (
        lambda _: feature_permissions.cloudwatch_describe_alarms(
            [f"{_ALARM}b", f"{_ALARM}a", f"{_ALARM}b"]
        ),
        [f"cloudwatch:DescribeAlarms on {_ALARM}a {_ALARM}b"],
    ),
    "cloudwatch_describe_alarms of a composite alarm": (
        lambda _: feature_permissions.cloudwatch_describe_alarms([f"{_ALARM}b", "*"]),
        ["cloudwatch:DescribeAlarms on *"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_statements_of_a_permission(case: str) -> None:
    permission, expected = CASES[case]
    stack, permissions = new_stack(), RolePermissions()
    permissions.add_role(ExecutionRole(stack, "Role"))
    permissions.add_permissions([permission(stack)])
    assert statement_lines(template_of(stack), "RoleDefaultPolicy") == expected


def test_execution_role_has_no_permissions() -> None:
    stack = new_stack()
    ExecutionRole(stack, description="Ranks")
    assert template_of(stack)["Resources"] == {
        "ExecutionRole605A040B": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        {
                            "Action": "sts:AssumeRole",
                            "Effect": "Allow",
                            "Principal": {"Service": "sagemaker.amazonaws.com"},
                        }
                    ],
                    "Version": "2012-10-17",
                },
                "Description": "Ranks",
            },
        }
    }


def test_description_of_an_execution_role() -> None:
    stack = new_stack()
    ExecutionRole(stack)
    (role,) = template_of(stack)["Resources"].values()
    assert role["Properties"]["Description"] == "Execution role of Stack"

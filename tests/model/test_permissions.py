"""Tests of the permissions that a model grants to its execution role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from kit.cdk import new_stack, template_of
from kit.models import (
    FEATURES,
    IMAGE,
    LOGIN,
    bucket_of,
    model_of,
    network_of,
    one,
    resources_of,
    statements_of,
)

from cdk_epc import Container, ContainerImage, EndpointConfigError, Model, ModelData, S3Location
from cdk_epc.permissions import feature_permissions
from cdk_epc.spec import ContainerDefinition, ImageConfig, RepositoryAuthConfig

TOPIC = "arn:aws:sns:eu-west-1:111122223333:notifications"
PARTITION = {"Ref": "AWS::Partition"}
BUCKET = {"Fn::Join": ["", ["arn:", PARTITION, ":s3:::amzn-s3-demo-bucket"]]}
LOGS_AND_METRICS = {"logs:PutLogEvents", "cloudwatch:PutMetricData"}
TOKEN = {"Action": "ecr:GetAuthorizationToken", "Effect": "Allow", "Resource": "*"}
WITHOUT_RESOURCES = {
    "cloudwatch:PutMetricData",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    "ecr:GetAuthorizationToken",
}
"""Actions that support no resources."""


def actions_of(statement: dict[str, Any]) -> set[str]:
    actions = statement["Action"]
    return {actions} if isinstance(actions, str) else set(actions)


def own_statements(stack: cdk.Stack) -> list[dict[str, Any]]:
    """Return all statements except those for logs and metrics, which every model has."""
    return [each for each in statements_of(stack) if not actions_of(each) & LOGS_AND_METRICS]


def objects(path: str) -> dict[str, Any]:
    arn = {"Fn::Join": ["", ["arn:", PARTITION, f":s3:::amzn-s3-demo-bucket/{path}"]]}
    return {"Action": "s3:GetObject", "Effect": "Allow", "Resource": arn}


def listing(prefix: str) -> dict[str, Any]:
    return {
        "Action": "s3:ListBucket",
        "Condition": {"StringLike": {"s3:prefix": [prefix, f"{prefix}/*"]}},
        "Effect": "Allow",
        "Resource": BUCKET,
    }


def pull_statements(region: str = "eu-west-1", name: str = "fraud") -> list[dict[str, Any]]:
    actions = [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
    ]
    arn = f":ecr:{region}:111122223333:repository/{name}"
    resource = {"Fn::Join": ["", ["arn:", PARTITION, arn]]}
    return [{"Action": actions, "Effect": "Allow", "Resource": resource}, TOKEN]


def invoke_statement() -> dict[str, Any]:
    return {"Action": "lambda:InvokeFunction", "Effect": "Allow", "Resource": LOGIN}


def test_default_role_can_write_logs_and_metrics() -> None:
    stack = new_stack()
    one(stack)
    logs, metrics, *_ = statements_of(stack)
    where = ["arn:", PARTITION, ":logs:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}]
    assert logs == {
        "Action": [
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
        ],
        "Effect": "Allow",
        "Resource": {"Fn::Join": ["", [*where, ":log-group:/aws/sagemaker/*"]]},
    }
    assert metrics == {
        "Action": "cloudwatch:PutMetricData",
        "Condition": {
            "StringLike": {"cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/*"]}
        },
        "Effect": "Allow",
        "Resource": "*",
    }


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ({}, pull_statements()),
        ({"image": cdk.Fn.import_value("image")}, []),
        (
            {"image": "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/team/fraud@sha256:0"},
            pull_statements("cn-north-1", "team/fraud"),
        ),
        (
            {"model_data": "s3://amzn-s3-demo-bucket/a/m.tar.gz"},
            [*pull_statements(), objects("a/m.tar.gz")],
        ),
        ({"model_data": "https://example.com/m.tar.gz"}, pull_statements()),
        (
            {"model_data": ModelData.from_s3("s3://amzn-s3-demo-bucket/m.tar.gz")},
            [*pull_statements(), objects("m.tar.gz")],
        ),
        (
            {"model_data": ModelData.from_s3_folder("s3://amzn-s3-demo-bucket/falcon/")},
            [*pull_statements(), objects("falcon/*"), listing("falcon")],
        ),
        (
            {"model_data": ModelData.multi_model("s3://amzn-s3-demo-bucket/all")},
            [*pull_statements(), objects("all/*"), listing("all")],
        ),
        (
            {"model_data": ModelData.from_hub("arn", "s3://amzn-s3-demo-bucket/f/")},
            [*pull_statements(), objects("f/*"), listing("f")],
        ),
    ],
)
def test_permissions_by_address(container: Any, expected: list[dict[str, Any]]) -> None:
    stack = new_stack()
    one(stack, **container)
    assert own_statements(stack) == expected


def test_private_registry_with_the_arn_of_its_function() -> None:
    stack = new_stack()
    image = ContainerImage.from_private_registry("r/i:1", credentials=LOGIN)
    Model(stack, "Model", container=Container(image=image), **network_of(stack))
    assert invoke_statement() in own_statements(stack)


def test_containers_that_are_specs() -> None:
    stack = new_stack()
    auth = RepositoryAuthConfig(repository_credentials_provider_arn=LOGIN)
    Model(
        stack,
        "Model",
        containers=[
            ContainerDefinition(
                image=IMAGE, model_data_url="s3://amzn-s3-demo-bucket/all/", mode="MultiModel"
            ),
            ContainerDefinition(
                image="r/i:1",
                image_config=ImageConfig(repository_access_mode="Vpc", repository_auth_config=auth),
            ),
        ],
        **network_of(stack),
    )
    own = own_statements(stack)
    assert [each for each in own if "ec2" not in str(each["Action"])] == [
        *pull_statements(),
        objects("all/*"),
        listing("all"),
        invoke_statement(),
    ]


def test_role_can_decrypt_with_the_key_of_the_bucket() -> None:
    stack = new_stack()
    key = kms.Key(stack, "Key")
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    one(stack, model_data=ModelData.from_s3(S3Location(bucket, "m.tar.gz")))
    (decrypt,) = (each for each in statements_of(stack) if "kms" in str(each["Action"]))
    (logical_id,) = resources_of(stack, "AWS::KMS::Key")
    assert decrypt == {
        "Action": "kms:Decrypt",
        "Effect": "Allow",
        "Resource": {"Fn::GetAtt": [logical_id, "Arn"]},
    }


def test_no_feature_has_wildcards() -> None:
    for feature, create in FEATURES.items():
        stack = new_stack()
        create(stack)
        statements = statements_of(stack)
        assert bool(statements) is (feature != "name_and_tags"), feature
        for statement in statements:
            actions = actions_of(statement)
            assert not [each for each in actions if "*" in each], feature
            assert statement["Resource"] != "*" or actions <= WITHOUT_RESOURCES, feature
        for role in resources_of(stack, "AWS::IAM::Role").values():
            assert role["Properties"].keys() == {"AssumeRolePolicyDocument", "Description"} or (
                feature == "callers_role"
            ), feature


def test_model_depends_on_its_role_and_policy() -> None:
    for feature in FEATURES.keys() - {"name_and_tags"}:
        stack = new_stack()
        FEATURES[feature](stack)
        roles = resources_of(stack, "AWS::IAM::Role")
        policies = resources_of(stack, "AWS::IAM::Policy")
        assert len(roles) == len(policies) == 1, feature
        assert sorted(model_of(stack)["DependsOn"]) == sorted([*roles, *policies]), feature


def test_role_of_the_caller_gets_the_same_permissions() -> None:
    stack, other = new_stack(), new_stack()
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    data = ModelData.from_s3_folder(S3Location(bucket_of(stack), "falcon/"))
    model = Model(
        stack, "Model", container=Container(image=IMAGE, model_data=data), execution_role=role
    )
    one(other, model_data=ModelData.from_s3_folder(S3Location(bucket_of(other), "falcon/")))
    assert statements_of(stack) == statements_of(other)
    assert len(resources_of(stack, "AWS::IAM::Role")) == 1
    assert model.execution_role is role


def test_role_that_is_an_arn_gets_no_permissions() -> None:
    stack = new_stack()
    model = FEATURES["name_and_tags"](stack)
    assert set(template_of(stack)["Resources"]) == set(resources_of(stack, "AWS::SageMaker::Model"))
    assert model.execution_role is None
    assert model.role_permissions.roles == ()


def test_imported_role_gets_a_policy_of_the_stack() -> None:
    stack = new_stack()
    role = iam.Role.from_role_name(stack, "Role", "fraud")
    Model(stack, "Model", container=Container(image=IMAGE), execution_role=role)
    ((id_, policy),) = resources_of(stack, "AWS::IAM::Policy").items()
    assert policy["Properties"]["Roles"] == ["fraud"]
    assert model_of(stack)["DependsOn"] == [id_]


def test_role_of_another_stack_does_not_depend_on_this_stack() -> None:
    app = cdk.App(analytics_reporting=False)
    base, stack = new_stack("Base", app), new_stack("Stack", app)
    role = iam.Role(base, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    Model(stack, "Model", container=Container(image=IMAGE), execution_role=role)
    policies = resources_of(stack, "AWS::IAM::Policy")
    assert len(policies) == 1
    assert set(policies) <= set(model_of(stack)["DependsOn"])
    assert resources_of(base, "AWS::IAM::Policy") == {}


def test_model_depends_on_permissions_of_the_caller() -> None:
    stack = new_stack()
    model = one(stack)
    model.role_permissions.add_permissions(
        [feature_permissions.s3_read("amzn-s3-demo-bucket", "extra/")]
    )
    sns.Topic.from_topic_arn(stack, "Topic", TOPIC).grant_publish(model)
    assert objects("extra/*") in statements_of(stack)
    publishing = {"Action": "sns:Publish", "Effect": "Allow", "Resource": TOPIC}
    assert publishing in statements_of(stack)
    assert len(model_of(stack)["DependsOn"]) == 2


GRANTED: dict[str, tuple[Callable[[s3.IBucket], ModelData], str, list[str] | None]] = {
    "object": (
        lambda bucket: ModelData.from_s3(S3Location(bucket, "churn/8/m.tar.gz")),
        "churn/8/m.tar.gz",
        None,
    ),
    "prefix": (
        lambda bucket: ModelData.from_s3(
            S3Location(bucket, "churn/8/m.tar.gz"), grant_prefix="churn/"
        ),
        "churn/*",
        None,
    ),
    "prefix without a slash": (
        lambda bucket: ModelData.from_s3(
            S3Location(bucket, "churn/8/m.tar.gz"), grant_prefix="churn"
        ),
        "churn/*",
        None,
    ),
    "prefix of a folder": (
        lambda bucket: ModelData.from_s3_folder(
            S3Location(bucket, "churn/8/"), grant_prefix="churn/"
        ),
        "churn/*",
        ["churn", "churn/*"],
    ),
}


@pytest.mark.parametrize("case", GRANTED)
def test_grant_of_a_prefix(case: str) -> None:
    data, readable, listed = GRANTED[case]
    stack = new_stack()
    one(stack, model_data=data(bucket_of(stack)))
    statements = own_statements(stack)
    assert objects(readable) in statements
    prefixes = [
        each["Condition"]["StringLike"]["s3:prefix"]
        for each in statements
        if each["Action"] == "s3:ListBucket"
    ]
    assert prefixes == ([listed] if listed else [])


@pytest.mark.parametrize(
    ("location", "prefix", "message"),
    [
        (
            S3Location("amzn-s3-demo-bucket", "churn/8/"),
            "chur",
            "container.model_data.grant_prefix is 'chur'; must be a folder that contains",
        ),
        (
            None,  # a parameter
            "churn/",
            "container.model_data.location is known at deployment; must be an S3Location",
        ),
    ],
)
def test_grant_of_a_prefix_without_the_artifacts(
    location: S3Location | None, prefix: str, message: str
) -> None:
    stack = new_stack()
    parameter = cdk.Token.as_string({"Ref": "Place"})
    data = ModelData.from_s3_folder(location or parameter, grant_prefix=prefix)
    with pytest.raises(EndpointConfigError) as error:
        one(stack, model_data=data)
    assert error.value.findings[0].message.startswith(message)

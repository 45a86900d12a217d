"""Tests of imported models, and of name, ARN, role and connections of all models."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match
from aws_cdk.aws_sagemaker import CfnModel
from kit.cdk import STRICT, new_stack, template_of
from kit.models import IMAGE, model_of, network_of, one, resources_of

from cdk_epc import (
    Container,
    EndpointConfig,
    EndpointConfigError,
    InstanceType,
    Model,
    ModelBase,
    VpcPlacement,
)
from cdk_epc.spec import VpcConfig

ARN = "arn:aws-cn:sagemaker:cn-north-1:111122223333:model/fraud-7"
OWN = {
    "Fn::Join": [
        "",
        [
            "arn:",
            {"Ref": "AWS::Partition"},
            ":sagemaker:",
            {"Ref": "AWS::Region"},
            ":",
            {"Ref": "AWS::AccountId"},
            ":model/fraud-7",
        ],
    ]
}


def references_of(stack: cdk.Stack, model: ModelBase) -> dict[str, Any]:
    """Return name and ARNs of a model as the template has them."""
    reported = {
        "name": model.model_name,
        "arn": model.model_arn,
        "ref": model.model_ref.model_arn,
    }
    resolved: dict[str, Any] = stack.resolve(reported)
    return resolved


def test_import_by_name() -> None:
    stack = new_stack()
    model = Model.from_model_name(stack, "Model", "Fraud-7")
    assert references_of(stack, model) == {"name": "Fraud-7", "arn": OWN, "ref": OWN}
    assert model.execution_role is None


def test_import_by_arn_of_another_account_region_and_partition() -> None:
    stack = new_stack()
    model = Model.from_model_arn(stack, "Model", ARN)
    assert references_of(stack, model) == {"name": "fraud-7", "arn": ARN, "ref": ARN}
    assert (model.env.region, model.env.account) == ("cn-north-1", "111122223333")


def test_import_by_tokens() -> None:
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    arn = cdk.CfnParameter(stack, "Arn").value_as_string
    named = references_of(stack, Model.from_model_name(stack, "Named", name))
    assert named["name"] == {"Ref": "Name"}
    assert named["arn"]["Fn::Join"][1][-2:] == [":model/", {"Ref": "Name"}]
    found = references_of(stack, Model.from_model_arn(stack, "Found", arn))
    assert found["arn"] == {"Ref": "Arn"}
    assert found["name"] == {"Fn::Select": [1, {"Fn::Split": [":model/", {"Ref": "Arn"}]}]}


def test_import_with_role_and_security_groups() -> None:
    stack = new_stack()
    role = iam.Role.from_role_name(stack, "Role", "fraud")
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0a1b2c3d")
    model = Model.from_model_attributes(
        stack,
        "Model",
        model_name="Fraud-7",
        model_arn=ARN,
        execution_role=role,
        security_groups=[group],
    )
    assert references_of(stack, model) == {"name": "Fraud-7", "arn": ARN, "ref": ARN}
    assert model.execution_role is role
    model.connections.allow_from_any_ipv4(ec2.Port.tcp(443))
    (rule,) = resources_of(stack, "AWS::EC2::SecurityGroupIngress").values()
    assert rule["Properties"]["GroupId"] == "sg-0a1b2c3d"


def test_import_without_name_and_arn_raises() -> None:
    stack = new_stack()
    with pytest.raises(EndpointConfigError) as error:
        Model.from_model_attributes(stack, "Model")
    (finding,) = error.value.findings
    assert (finding.rule_id, finding.message, finding.fix, finding.resource, finding.file) == (
        "argument-type-wrong",
        "model_name is required unless model_arn is given",
        "Pass model_name or model_arn.",
        "Stack/Model",
        __file__,
    )
    assert stack.node.children == []


def test_variant_with_an_imported_model() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config")
    config.add_instance_variant(
        "main",
        model=Model.from_model_name(stack, "Model", "Fraud-7"),
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=1,
    )
    (resource,) = resources_of(stack, "AWS::SageMaker::EndpointConfig").values()
    assert resource["Properties"]["ProductionVariants"][0]["ModelName"] == "Fraud-7"


def test_grant_to_a_model_without_a_role_adds_a_warning() -> None:
    stack = new_stack()
    model = Model.from_model_name(stack, "Imported", "fraud-7")
    one(stack)  # a template must have resources
    iam.Grant.add_to_principal(grantee=model, actions=["sns:Publish"], resource_arns=[ARN])
    Annotations.from_stack(stack).has_warning("/Stack/Imported", Match.any_value())


def test_name_and_arn_of_a_model_of_this_app() -> None:
    stack = new_stack()
    model = one(stack)
    assert references_of(stack, model) == {
        "name": {"Fn::GetAtt": ["Model0301700E", "ModelName"]},
        "arn": {"Fn::GetAtt": ["Model0301700E", "ModelArn"]},
        "ref": {"Fn::GetAtt": ["Model0301700E", "ModelArn"]},
    }
    assert isinstance(model.node.default_child, CfnModel)
    assert str(model) == "Model Stack/Model"


def test_fixed_name_in_another_region() -> None:
    app = cdk.App(analytics_reporting=False, context=STRICT)
    here, there = (
        cdk.Stack(app, region, env=cdk.Environment(account="111122223333", region=region))
        for region in ("eu-west-1", "us-east-1")
    )
    model = Model(here, "Model", container=Container(image=IMAGE), model_name="Fraud-7")
    one(there, image=IMAGE.replace("eu-west-1", "us-east-1"))  # a template must have resources
    cdk.CfnOutput(there, "Name", value=model.model_name)
    cdk.CfnOutput(there, "Arn", value=model.model_arn)
    outputs = template_of(there)["Outputs"]
    assert outputs["Name"]["Value"] == "Fraud-7"
    arn = ":sagemaker:eu-west-1:111122223333:model/Fraud-7"
    assert outputs["Arn"]["Value"] == {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, arn]]}


def test_name_that_is_a_token() -> None:
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    Model(stack, "Model", container=Container(image=IMAGE), model_name=f"fraud-{name}")
    (resource,) = resources_of(stack, "AWS::SageMaker::Model").values()
    assert resource["Properties"]["ModelName"] == {"Fn::Join": ["", ["fraud-", {"Ref": "Name"}]]}


def test_all_arguments_can_be_tokens() -> None:
    stack = new_stack()
    token = cdk.CfnParameter(stack, "P").value_as_string
    tokens = cdk.CfnParameter(stack, "L", type="CommaDelimitedList").value_as_list
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id=token, availability_zones=["a"], private_subnet_ids=tokens
    )
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", token)
    Model(
        stack,
        "Model",
        container=Container(
            image=token,
            model_data=f"s3://{token}/{token}",
            environment={"A": token},
            inference_specification_name=token,
            hostname=token,
        ),
        execution_role=token,
        vpc=vpc,
        security_groups=[group],
        network_isolation=cdk.Fn.condition_equals(token, "yes"),  # type: ignore[arg-type]
        tags={"team": token},
    )
    (resource,) = resources_of(stack, "AWS::SageMaker::Model").values()
    there = {"Ref": "P"}
    assert resource["Properties"] == {
        "EnableNetworkIsolation": {"Fn::Equals": [there, "yes"]},
        "ExecutionRoleArn": there,
        "PrimaryContainer": {
            "ContainerHostname": there,
            "Environment": {"A": there},
            "Image": there,
            "InferenceSpecificationName": there,
            "ModelDataUrl": {"Fn::Join": ["", ["s3://", there, "/", there]]},
        },
        "Tags": [{"Key": "team", "Value": there}],
        "VpcConfig": {"SecurityGroupIds": [there], "Subnets": {"Ref": "L"}},
    }


def test_connections_of_the_security_groups() -> None:
    stack = new_stack()
    model = Model(stack, "Model", container=Container(image=IMAGE), **network_of(stack))
    other = ec2.SecurityGroup.from_security_group_id(stack, "Database", "sg-1a2b3c4d")
    other.connections.allow_from(model.connections, ec2.Port.tcp(5432))
    (rule,) = resources_of(stack, "AWS::EC2::SecurityGroupIngress").values()
    properties = rule["Properties"]
    assert (properties["GroupId"], properties["SourceSecurityGroupId"]) == (
        "sg-1a2b3c4d",
        "sg-0a1b2c3d",
    )


@pytest.mark.parametrize(
    ("vpc", "state"),
    [
        (None, "is missing"),
        (VpcConfig(subnets=("subnet-1",), security_group_ids=("sg-1",)), "is VpcConfig(…)"),
    ],
)
def test_connections_without_security_group_constructs_raise(
    vpc: VpcConfig | None, state: str
) -> None:
    model = Model(new_stack(), "Model", container=Container(image=IMAGE), vpc=vpc)
    with pytest.raises(EndpointConfigError) as error:
        _ = model.connections
    assert [(each.rule_id, each.message, each.fix) for each in error.value.findings] == [
        (
            "vpc-connections-unknown",
            (
                f"vpc {state}; must be an ec2.IVpc because connections needs security group "
                "constructs"
            ),
            "Pass the VPC construct as vpc; security_groups can be omitted.",
        )
    ]


def test_request_of_a_model() -> None:
    stack = new_stack()
    model = Model(
        stack,
        "Model",
        container=Container(image=IMAGE, environment={"A": "b"}),
        execution_role="arn:aws:iam::111122223333:role/fraud",
    )
    assert model.to_request() == {
        "ExecutionRoleArn": "arn:aws:iam::111122223333:role/fraud",
        "PrimaryContainer": {"Image": IMAGE, "Environment": {"A": "b"}},
    }


def test_security_group_of_a_vpc() -> None:
    """A group is created only for an accepted resource, and its connections can be allowed."""
    stack = new_stack()
    vpc = ec2.Vpc(stack, "Vpc", max_azs=1, nat_gateways=1)
    model = Model(stack, "Model", container=Container(image=IMAGE), vpc=vpc)
    config = EndpointConfig(stack, "Config", execution_role="arn:aws:iam::111122223333:role/host")
    config.add_inference_component_variant(
        "shared", instance_type="ml.g5.2xlarge", initial_instance_count=1
    )
    config.place_in_vpc(vpc)
    with pytest.raises(EndpointConfigError):
        Model(stack, "Wrong", container=Container(image="a b"), vpc=vpc)
    config.connections.allow_from(model.connections, ec2.Port.tcp(443))
    groups = resources_of(stack, "AWS::EC2::SecurityGroup")
    networks = [
        resource["Properties"]["VpcConfig"]
        for of_type in ("AWS::SageMaker::Model", "AWS::SageMaker::EndpointConfig")
        for resource in resources_of(stack, of_type).values()
    ]
    used = [network["SecurityGroupIds"][0]["Fn::GetAtt"][0] for network in networks]
    assert (sorted(used), len(groups)) == (sorted(groups), 2)
    assert len(resources_of(stack, "AWS::EC2::SecurityGroupIngress")) == 1


def test_network_by_ids() -> None:
    stack = new_stack()
    ids = VpcPlacement(
        subnet_ids=["subnet-0a1b2c3d", "subnet-1a2b3c4d"], security_group_ids=["sg-0a1b2c3d"]
    )
    Model(stack, "Model", container=Container(image=IMAGE), vpc=ids)
    assert model_of(stack)["Properties"]["VpcConfig"] == {
        "SecurityGroupIds": ["sg-0a1b2c3d"],
        "Subnets": ["subnet-0a1b2c3d", "subnet-1a2b3c4d"],
    }

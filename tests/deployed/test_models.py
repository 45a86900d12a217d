"""Models and the permissions of their roles, deployed to moto and read back."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from botocore.parsers import ResponseParserError
from kit.cdk import new_stack, template_of
from kit.differences import Differences, difference
from kit.moto_server import Cloud, description_of, template_from, violations_of
from kit.references import MODEL, Resource
from kit.service_calls import policy_differences

from cdk_epc import Container, ContainerImage, InferenceExecutionMode, Model, ModelData, S3Location

pytestmark = pytest.mark.pin_only

REPOSITORY: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
KEPT: Final = Differences(added=["CreationTime", "EnableNetworkIsolation", "ModelArn", "ModelName"])


def ecr_and_bucket(stack: Stack) -> None:
    key = kms.Key(stack, "Key")
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    # Without a name, moto makes one that ECR would refuse.
    images = ecr.Repository(stack, "Images", repository_name="fraud")
    Model(
        stack,
        "Model",
        container=Container(
            image=ContainerImage.from_ecr_repository(images, "7"),
            model_data=ModelData.from_s3(S3Location(bucket, "fraud/7/model.tar.gz")),
            environment={"WORKERS": "2", "EMPTY": ""},
            hostname="scorer",
        ),
        tags={"team": "fraud", "empty": ""},
    )


def published(stack: Stack) -> None:
    """Add a model whose region is unknown, so that a mapping contains the account of its image."""
    Model(stack, "Model", container=Container(image=ContainerImage.from_dlc("xgboost", "1.7-1")))


def uncompressed(stack: Stack) -> None:
    data = ModelData.from_s3_folder(
        S3Location(s3.Bucket(stack, "Bucket"), "llm/7/"), accept_eula=True
    )
    Model(stack, "Model", container=Container(image=REPOSITORY, model_data=data))


def multi_model(stack: Stack) -> None:
    data = ModelData.multi_model(S3Location(s3.Bucket(stack, "Bucket"), "models/"))
    Model(stack, "Model", container=Container(image=REPOSITORY, model_data=data))


def hub(stack: Stack) -> None:
    data = ModelData.from_hub(
        "arn:aws:sagemaker:eu-west-1:111122223333:hub-content/hub/Model/llm", "s3://llms/7/"
    )
    Model(stack, "Model", container=Container(image=REPOSITORY, model_data=data))


def own_role(stack: Stack) -> None:
    role = "arn:aws:iam::123456789012:role/sagemaker"
    Model(stack, "Model", container=Container(image=REPOSITORY), execution_role=role)


def private_registry(stack: Stack) -> None:

    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, nat_gateways=0)
    isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    Model(
        stack,
        "Model",
        container=Container(
            image=ContainerImage.from_private_registry(
                "registry.example.com/fraud:7",
                credentials="arn:aws:lambda:eu-west-1:123456789012:function:login",
            )
        ),
        vpc=vpc,
        vpc_subnets=isolated,
    )


def isolated(stack: Stack) -> None:
    Model(stack, "Model", container=Container(image=REPOSITORY), network_isolation=True)


def named(stack: Stack) -> None:
    Model(
        stack,
        "Model",
        container=Container(image=REPOSITORY),
        model_name="fraud",
    )


Feature = Callable[[Stack], None]
BY_FEATURE: Final[dict[Feature, Differences]] = {
    ecr_and_bucket: KEPT,
    published: KEPT,
    uncompressed: KEPT,
    multi_model: KEPT,
    hub: KEPT,
    own_role: KEPT,
    private_registry: KEPT,
    # moto says that no model is isolated, and gives every model a name of its own.
    isolated: Differences(
        changed=["EnableNetworkIsolation"], added=["CreationTime", "ModelArn", "ModelName"]
    ),
    named: Differences(
        changed=["ModelName"], added=["CreationTime", "EnableNetworkIsolation", "ModelArn"]
    ),
}


def deployed_from(cloud: Cloud, feature: Feature) -> dict[str, Resource]:
    return cloud.deploy(template_from(feature))


def model_of(deployed: dict[str, Resource]) -> Resource:
    (model,) = (each for each in deployed.values() if each.type == MODEL)
    return model


@pytest.mark.parametrize(
    ("feature", "expected"), BY_FEATURE.items(), ids=[each.__name__ for each in BY_FEATURE]
)
def test_read_back(cloud: Cloud, feature: Feature, expected: Differences) -> None:
    deployed = deployed_from(cloud, feature)

    assert [each.type for each in deployed.values() if each.id is None] == []
    model = model_of(deployed)
    assert difference(model.properties, description_of(cloud, model)) == expected
    assert violations_of("CreateModel", {"ModelName": model.name, **model.properties}) == ""
    assert policy_differences(cloud, deployed) == []


def test_image_of_the_region(cloud: Cloud) -> None:
    model = description_of(cloud, model_of(deployed_from(cloud, published)))

    assert model["PrimaryContainer"]["Image"] == (
        "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    )


def test_role_of_a_model_has_the_needed_permissions_only(cloud: Cloud) -> None:
    deployed = deployed_from(cloud, ecr_and_bucket)

    iam = cloud.client("iam")
    role = model_of(deployed).properties["ExecutionRoleArn"].rsplit("/", 1)[-1]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    by_id = {each.type: each.name for each in deployed.values()}
    arns = [
        f"arn:aws:s3:::{by_id['AWS::S3::Bucket']}/fraud/7/model.tar.gz",
        f"arn:aws:ecr:eu-west-1:123456789012:repository/{by_id['AWS::ECR::Repository']}",
        f"arn:aws:kms:eu-west-1:123456789012:key/{by_id['AWS::KMS::Key']}",
    ]
    allowed = {arn: _actions_on(document, arn) for arn in arns}
    assert list(allowed.values()) == [
        {"s3:GetObject"},
        {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
        {"kms:Decrypt"},
    ]


def _actions_on(document: dict[str, Any], arn: str) -> set[str]:
    found: set[str] = set()
    for statement in document["Statement"]:
        if arn in _listed(statement["Resource"]):
            found.update(_listed(statement["Action"]))
    return found


def _listed(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def test_uploaded_archive(cloud: Cloud, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz"):
        pass
    stack = new_stack()
    data = ModelData.from_asset(str(tmp_path / "model.tar.gz"))
    Model(stack, "Model", container=Container(image=REPOSITORY, model_data=data))

    model = model_of(cloud.deploy(template_of(stack)))

    read = description_of(cloud, model)
    assert difference(model.properties, read) == KEPT
    url = read["PrimaryContainer"]["ModelDataUrl"]
    assert url.startswith("s3://cdk-hnb659fds-assets-123456789012-eu-west-1/")
    assert url.endswith(".gz")  # CDK keeps the last suffix


def pipeline(stack: Stack) -> None:
    Model(stack, "Model", containers=[Container(image=REPOSITORY), Container(image=REPOSITORY)])


def direct(stack: Stack) -> None:
    Model(
        stack,
        "Model",
        containers=[
            Container(image=REPOSITORY, hostname="a"),
            Container(image=REPOSITORY, hostname="b"),
        ],
        execution_mode=InferenceExecutionMode.DIRECT,
    )


@pytest.mark.parametrize("feature", [pipeline, direct])
def test_several_containers_are_refused_by_moto(cloud: Cloud, feature: Feature) -> None:
    """Moto's CloudFormation requires PrimaryContainer, see `test_moto_limits`; its API does not."""
    with pytest.raises(ResponseParserError):
        deployed_from(cloud, feature)


@pytest.mark.parametrize("feature", [pipeline, direct])
def test_several_containers_by_the_api(cloud: Cloud, feature: Feature) -> None:
    declared = model_of(cloud.deploy(template_from(feature), apart=frozenset({MODEL}))).properties
    sagemaker = cloud.client("sagemaker")

    sagemaker.create_model(ModelName="several", **declared)

    read = sagemaker.describe_model(ModelName="several")
    assert read["Containers"] == declared["Containers"]

"""Models with one feature each, and parts of their templates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets

from cdk_epc import (
    Container,
    ContainerImage,
    InferenceExecutionMode,
    Model,
    ModelCacheSetting,
    ModelData,
    S3Location,
)
from kit.cdk import template_of

Feature = Callable[[Stack], Model]

HERE: Final = Path(__file__).parents[1] / "model"
FOLDER: Final = str(HERE / "image")
ARCHIVE: Final = str(HERE / "model.tar.gz")
IMAGE: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
DIGEST: Final = "sha256:" + "0123456789abcdef" * 4
PACKAGE: Final = "arn:aws:sagemaker:eu-west-1:985815980388:model-package/seller-model"
LOGIN: Final = "arn:aws:lambda:eu-west-1:111122223333:function:login"
HUB: Final = "arn:aws:sagemaker:eu-west-1:111122223333:hub-content/ours/ModelReference/falcon/1"


def bucket_of(stack: Stack) -> s3.IBucket:
    """Return a bucket of another stack."""
    return s3.Bucket.from_bucket_name(stack, "Artifacts", "amzn-s3-demo-bucket")


def repository_of(stack: Stack) -> ecr.IRepository:
    """Return a repository of another stack."""
    return ecr.Repository.from_repository_name(stack, "Repository", "fraud")


def network_of(stack: Stack) -> dict[str, Any]:
    """Return two subnets and a security group of another stack, as arguments of a model."""
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0a1b2c3d",
        availability_zones=["a", "b"],
        private_subnet_ids=["subnet-0a1b2c3d", "subnet-1a2b3c4d"],
    )
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0a1b2c3d")
    return {"vpc": vpc, "security_groups": [group]}


def one(stack: Stack, **container: Any) -> Model:
    """Return a model with one container, by default with an image in ECR."""
    return Model(stack, "Model", container=Container(**{"image": IMAGE, **container}))


def _private_registry(stack: Stack) -> Model:
    login = lambda_.Function.from_function_attributes(
        stack, "Login", function_arn=LOGIN, same_environment=True
    )
    image = ContainerImage.from_private_registry("registry.example.com/fraud:7", credentials=login)
    return Model(stack, "Model", container=Container(image=image), **network_of(stack))


def _pipeline(stack: Stack) -> Model:
    return Model(
        stack,
        "Model",
        containers=[
            Container(image=ContainerImage.from_dlc("sparkml", "3.3")),
            Container(
                image=ContainerImage.from_dlc("xgboost", "1.7-1"),
                model_data=ModelData.from_s3(S3Location(bucket_of(stack), "fraud/model.tar.gz")),
            ),
        ],
    )


def _direct(stack: Stack) -> Model:
    return Model(
        stack,
        "Model",
        containers=[
            Container(image=IMAGE, hostname="first", model_data=ModelData.from_asset(ARCHIVE)),
            Container(image=IMAGE, hostname="second", model_data=ModelData.from_asset(ARCHIVE)),
        ],
        execution_mode=InferenceExecutionMode.DIRECT,
    )


def _own_assets(stack: Stack) -> Model:
    asset = s3_assets.Asset(stack, "Archive", path=ARCHIVE)
    image = ecr_assets.DockerImageAsset(stack, "Fraud", directory=FOLDER)
    return one(
        stack, image=ContainerImage.from_asset(image), model_data=ModelData.from_asset(asset)
    )


def _callers_role(stack: Stack) -> Model:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    return Model(stack, "Model", container=Container(image=IMAGE), execution_role=role)


FEATURES: Final[dict[str, Feature]] = {
    "ecr_tag": lambda stack: one(
        stack, image=ContainerImage.from_ecr_repository(repository_of(stack), "7")
    ),
    "ecr_digest": lambda stack: one(
        stack, image=ContainerImage.from_ecr_repository(repository_of(stack), DIGEST)
    ),
    "docker_asset": lambda stack: one(
        stack, image=ContainerImage.from_asset(FOLDER, build_args={"LEVEL": "2"})
    ),
    "own_assets": _own_assets,
    "private_registry": _private_registry,
    "published_image": lambda stack: one(stack, image=ContainerImage.from_dlc("sklearn", "1.2-1")),
    "uri": lambda stack: one(
        stack, model_data="s3://amzn-s3-demo-bucket/fraud.tar.gz", environment={"WORKERS": "2"}
    ),
    "bucket": lambda stack: one(
        stack, model_data=ModelData.from_s3(S3Location(bucket_of(stack), "fraud.tar.gz"))
    ),
    "data_asset": lambda stack: one(stack, model_data=ModelData.from_asset(ARCHIVE)),
    "uncompressed": lambda stack: one(
        stack,
        model_data=ModelData.from_s3_folder(
            S3Location(bucket_of(stack), "falcon/"), accept_eula=True
        ),
    ),
    "compressed": lambda stack: one(
        stack,
        model_data=ModelData.from_s3(S3Location(bucket_of(stack), "f.tar.gz"), accept_eula=False),
    ),
    "hub": lambda stack: one(
        stack, model_data=ModelData.from_hub(HUB, "s3://amzn-s3-demo-bucket/falcon/")
    ),
    "many_models": lambda stack: one(
        stack,
        model_data=ModelData.multi_model(
            S3Location(bucket_of(stack), "all/"), cache=ModelCacheSetting.DISABLED
        ),
    ),
    "pipeline": _pipeline,
    "direct": _direct,
    "marketplace": lambda stack: Model(
        stack,
        "Model",
        container=Container(model_package=PACKAGE, inference_specification_name="small"),
        network_isolation=True,
    ),
    "vpc": lambda stack: Model(
        stack, "Model", container=Container(image=IMAGE), **network_of(stack)
    ),
    "callers_role": _callers_role,
    "name_and_tags": lambda stack: Model(
        stack,
        "Model",
        container=Container(image=IMAGE),
        model_name="fraud-7",
        tags={"team": "fraud"},
        execution_role="arn:aws:iam::111122223333:role/fraud",
    ),
}


def resources_of(stack: Stack, type_: str) -> dict[str, dict[str, Any]]:
    """Return the resources of one type by logical id."""
    every: dict[str, dict[str, Any]] = template_of(stack)["Resources"]
    return {id_: each for id_, each in every.items() if each["Type"] == type_}


def statements_of(stack: Stack) -> list[dict[str, Any]]:
    """Return the statements of all policies."""
    policies = resources_of(stack, "AWS::IAM::Policy").values()
    return [
        statement
        for policy in policies
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def model_of(stack: Stack) -> dict[str, Any]:
    """Return the only model in the template of a stack."""
    (model,) = resources_of(stack, "AWS::SageMaker::Model").values()
    return model

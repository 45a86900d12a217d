"""Bugs of @aws-cdk/aws-sagemaker-alpha, each with the correct behaviour of this library.

The tests run the alpha as well, so that they fail when a new version fixes a bug.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import CfnParameter, Size, Stack
from kit.cdk import new_stack, template_of

from cdk_epc import (
    Container,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    InstanceType,
    Model,
)

if TYPE_CHECKING:
    from aws_cdk import aws_sagemaker_alpha as alpha
    from constructs import Construct

pytestmark = pytest.mark.pin_only

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
CONFIG = "AWS::SageMaker::EndpointConfig"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"


def rows_of(stack: Stack, type_name: str) -> list[dict[str, Any]]:
    rows = template_of(stack)["Resources"].values()
    return [dict(row["Properties"]) for row in rows if row["Type"] == type_name]


def variant_of(stack: Stack) -> dict[str, Any]:
    (config,) = rows_of(stack, CONFIG)
    (variant,) = config["ProductionVariants"]
    return dict(variant)


def number(stack: Stack) -> Any:
    return CfnParameter(stack, "Number", type="Number").value_as_number


# --- the alpha's ---


def alpha_model(stack: Stack) -> alpha.Model:
    from aws_cdk import aws_ecr as ecr
    from aws_cdk import aws_sagemaker_alpha as alpha

    repository = ecr.Repository.from_repository_name(stack, "Repository", "fraud")
    image = alpha.ContainerImage.from_ecr_repository(repository, "7")
    return alpha.Model(stack, "Model", containers=[alpha.ContainerDefinition(image=image)])


def alpha_config(stack: Stack, *variants: dict[str, Any]) -> alpha.EndpointConfig:
    from aws_cdk import aws_sagemaker_alpha as alpha

    model = alpha_model(stack)
    props = [alpha.InstanceProductionVariantProps(model=model, **each) for each in variants]
    return alpha.EndpointConfig(stack, "Config", instance_production_variants=props)


def alpha_scaled(stack: Stack, instance_type: str, least: int, *names: str) -> alpha.Endpoint:
    from aws_cdk import aws_sagemaker_alpha as alpha

    of_type = alpha.InstanceType.of(instance_type)
    variants = [{"variant_name": name, "instance_type": of_type} for name in names]
    config = alpha_config(stack, *variants)
    endpoint = alpha.Endpoint(stack, "Endpoint", endpoint_config=config)
    for name in names:
        variant = endpoint.find_instance_production_variant(name)
        variant.auto_scale_instance_count(min_capacity=least, max_capacity=4)
    return endpoint


# --- ours ---


def our_config(stack: Stack, *names: str, **options: Any) -> EndpointConfig:
    model = Model(stack, "Model", container=Container(image=IMAGE))
    config = EndpointConfig(stack, "Config")
    for name in names:
        given = {"instance_type": InstanceType.ML_M5_LARGE, "initial_instance_count": 1, **options}
        config.add_instance_variant(name, model=model, **given)
    return config


def our_scaled(stack: Stack, least: int, *names: str, **options: Any) -> Endpoint:
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=our_config(stack, *names, **options))
    for name in names:
        endpoint.variant(name).auto_scale(least, 4)
    return endpoint


def test_weight_of_zero() -> None:
    stack = new_stack()
    alpha_config(stack, {"variant_name": "idle", "initial_variant_weight": 0})
    assert variant_of(stack)["InitialVariantWeight"] == 1

    stack = new_stack()
    our_config(stack, "idle", initial_weight=0)
    assert variant_of(stack)["InitialVariantWeight"] == 0


def test_minimum_of_zero() -> None:
    stack = new_stack()
    alpha_scaled(stack, "ml.m5.large", 0, "only")
    assert [each["MinCapacity"] for each in rows_of(stack, TARGET)] == [1]

    stack = new_stack()
    config = our_config(stack, "only")
    config.enable_async_inference(output_path="s3://answers/")
    Endpoint(stack, "Endpoint", endpoint_config=config).variant("only").auto_scale(0, 4)
    assert [each["MinCapacity"] for each in rows_of(stack, TARGET)] == [0]


def test_two_scaled_variants() -> None:
    with pytest.raises(RuntimeError, match="already a Construct with name 'ScalingRole'"):
        alpha_scaled(new_stack(), "ml.m5.large", 1, "blue", "green")

    stack = new_stack()
    our_scaled(stack, 1, "blue", "green")
    targets = [each["ResourceId"]["Fn::Join"][1][-1] for each in rows_of(stack, TARGET)]
    assert targets == ["/variant/blue", "/variant/green"]
    assert len(rows_of(stack, "AWS::IAM::Role")) == 1  # that of the model


def test_two_deep_learning_containers() -> None:
    from aws_cdk import aws_sagemaker_alpha as alpha

    images = [alpha.ContainerImage.from_dlc(name, "1") for name in ("one", "other")]
    with pytest.raises(RuntimeError, match="already a Construct with name 'DlcRepository'"):
        alpha.Model(
            new_stack(),
            "Model",
            containers=[alpha.ContainerDefinition(image=each) for each in images],
        )

    stack = new_stack()
    tags = {"pytorch": "2.6.0-cpu-py312", "sklearn": "1.2-1-cpu-py3"}
    containers = [Container(image=ContainerImage.from_dlc(*each)) for each in tags.items()]
    Model(stack, "Model", containers=containers)
    (model,) = rows_of(stack, "AWS::SageMaker::Model")
    assert [each["Image"]["Fn::Join"][1][-1] for each in model["Containers"]] == [
        "/pytorch-inference:2.6.0-cpu-py312",
        "/sagemaker-scikit-learn:1.2-1-cpu-py3",
    ]


@pytest.mark.parametrize("instance_type", ["ml.trn1.2xlarge", "ml.trn1n.32xlarge"])
def test_types_that_begin_with_t_and_are_not_burstable(instance_type: str) -> None:
    with pytest.raises(RuntimeError, match=f"burstable instance types like {instance_type}"):
        alpha_scaled(new_stack(), instance_type, 1, "only")

    stack = new_stack()
    our_scaled(stack, 1, "only", instance_type=InstanceType.of(instance_type))
    assert [each["MaxCapacity"] for each in rows_of(stack, TARGET)] == [4]


def alpha_variant(member: str) -> Callable[[Stack], Construct]:
    return lambda stack: alpha_config(stack, {"variant_name": "only", member: number(stack)})


def alpha_serverless(member: str) -> Callable[[Stack], Construct]:
    def make(stack: Stack) -> Construct:
        from aws_cdk import aws_sagemaker_alpha as alpha

        given = {"max_concurrency": 1, "memory_size_in_mb": 1024, member: number(stack)}
        return alpha.EndpointConfig(
            stack,
            "Config",
            serverless_production_variant=alpha.ServerlessProductionVariantProps(
                model=alpha_model(stack), variant_name="only", **given
            ),
        )

    return make


def our_variant(option: str) -> Callable[[Stack], Construct]:
    return lambda stack: our_config(stack, "only", **{option: number(stack)})


def our_serverless(option: str) -> Callable[[Stack], Construct]:
    def make(stack: Stack) -> Construct:
        given = {"max_concurrency": 1, "memory_size": Size.gibibytes(1)}
        value = number(stack)
        config = EndpointConfig(stack, "Config")
        config.add_serverless_variant(
            "only",
            model=Model(stack, "Model", container=Container(image=IMAGE)),
            **{**given, option: Size.mebibytes(value) if option == "memory_size" else value},
        )
        return config

    return make


@pytest.mark.parametrize(
    ("theirs", "message", "ours", "path"),
    [
        (
            alpha_variant("initial_instance_count"),
            "Must have at least one instance",
            our_variant("initial_instance_count"),
            ("InitialInstanceCount",),
        ),
        (
            alpha_variant("initial_variant_weight"),
            "Cannot have negative variant weight",
            our_variant("initial_weight"),
            ("InitialVariantWeight",),
        ),
        (
            alpha_serverless("max_concurrency"),
            "maxConcurrency must be between 1 and 200",
            our_serverless("max_concurrency"),
            ("ServerlessConfig", "MaxConcurrency"),
        ),
        (
            alpha_serverless("memory_size_in_mb"),
            "memorySizeInMB must be one of",
            our_serverless("memory_size"),
            ("ServerlessConfig", "MemorySizeInMB"),
        ),
    ],
)
def test_tokens(
    theirs: Callable[[Stack], Construct],
    message: str,
    ours: Callable[[Stack], Construct],
    path: tuple[str, ...],
) -> None:
    with pytest.raises(RuntimeError, match=message):
        theirs(new_stack())

    stack = new_stack()
    ours(stack)
    found: Any = variant_of(stack)
    for member in path:
        found = found[member]
    assert found == {"Ref": "Number"}


def test_default_child() -> None:
    stack = new_stack()
    endpoint = alpha_scaled(stack, "ml.m5.large", 1, "only")
    theirs: list[Construct] = [endpoint, *map(stack.node.find_child, ("Config", "Model"))]
    assert [each.node.default_child for each in theirs] == [None, None, None]

    stack = new_stack()
    ours: list[Construct] = [our_scaled(stack, 1, "only")]
    ours += map(stack.node.find_child, ("Config", "Model"))
    assert [type(each.node.default_child).__name__ for each in ours] == [
        "CfnEndpoint",
        "CfnEndpointConfig",
        "CfnModel",
    ]


def test_role_is_not_full_access() -> None:
    stack = new_stack()
    alpha_model(stack)
    (role,) = rows_of(stack, "AWS::IAM::Role")
    assert "AmazonSageMakerFullAccess" in str(role["ManagedPolicyArns"])

    stack = new_stack()
    our_config(stack, "only")
    (role,) = rows_of(stack, "AWS::IAM::Role")
    assert "ManagedPolicyArns" not in role

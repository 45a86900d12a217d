"""Tests of images that SageMaker publishes: registry, region and tag."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import STRICT, new_stack, template_of
from kit.models import model_of, one, resources_of, statements_of

from cdk_epc import (
    Container,
    ContainerImage,
    EndpointConfigError,
    Model,
)
from cdk_epc.catalog import images

ACCOUNT = "111122223333"


def stack_in(region: str, app: cdk.App | None = None) -> cdk.Stack:
    app = app or cdk.App(analytics_reporting=False, context=STRICT)
    return cdk.Stack(
        app,
        f"Stack-{region}",
        env=cdk.Environment(account=ACCOUNT, region=region),
        synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
    )


def image_of(stack: cdk.Stack) -> Any:
    return model_of(stack)["Properties"]["PrimaryContainer"]["Image"]


@pytest.mark.parametrize(
    ("region", "family", "tag", "uri"),
    [
        (
            "us-east-1",
            "xgboost",
            "1.7-1",
            "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
        ),
        (
            "af-south-1",  # which CDK's own facts lack
            "pytorch",
            "2.6-cpu",
            "626614931356.dkr.ecr.af-south-1.amazonaws.com/pytorch-inference:2.6-cpu-py312",
        ),
        (
            "us-gov-west-1",
            "pytorch",
            "2.6.0-gpu-py312",
            "442386744353.dkr.ecr.us-gov-west-1.amazonaws.com/pytorch-inference:2.6.0-gpu-py312",
        ),
        (
            "cn-north-1",
            "pytorch",
            "99.0-cpu-py399",  # newer than the data
            "727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-inference:99.0-cpu-py399",
        ),
        (
            "eu-west-1",
            "djl",
            "0.30.0-lmi12.0.0-cu124",
            "763104351884.dkr.ecr.eu-west-1.amazonaws.com/djl-inference:0.30.0-lmi12.0.0-cu124",
        ),
    ],
)
def test_uri_in_a_known_region(region: str, family: str, tag: str, uri: str) -> None:
    stack = stack_in(region)
    one(stack, image=ContainerImage.from_dlc(family, tag))
    assert image_of(stack) == uri
    assert "Mappings" not in template_of(stack)


def test_role_can_pull_the_image() -> None:
    stack = stack_in("eu-west-1")
    one(stack, image=ContainerImage.from_dlc("pytorch", "2.6", device="gpu"))
    resource = {
        "Fn::Join": [
            "",
            [
                "arn:",
                {"Ref": "AWS::Partition"},
                ":ecr:eu-west-1:763104351884:repository/pytorch-inference",
            ],
        ]
    }
    assert resource in [each["Resource"] for each in statements_of(stack)]


def test_mapping_for_an_unknown_region() -> None:
    stack = new_stack()
    one(stack, image=ContainerImage.from_dlc("sklearn", "1.2-1"))
    mappings = template_of(stack)["Mappings"]
    found = images.find_repository("sklearn")
    assert found is not None
    assert mappings == {
        "SageMakerImagesSagemakerScikitLearn": {
            region: {"account": account} for region, account in found.accounts.items()
        }
    }
    region = {"Ref": "AWS::Region"}
    account = {"Fn::FindInMap": ["SageMakerImagesSagemakerScikitLearn", region, "account"]}
    suffix = {"Ref": "AWS::URLSuffix"}
    name = "/sagemaker-scikit-learn:1.2-1-cpu-py3"
    assert image_of(stack) == {"Fn::Join": ["", [account, ".dkr.ecr.", region, ".", suffix, name]]}


def test_models_share_the_mapping_of_a_repository() -> None:
    """The alpha L2 fails here: it creates its mapping twice with one id."""
    stack = new_stack()
    xgboost = Container(image=ContainerImage.from_dlc("xgboost", "1.7-1"))
    Model(stack, "One", containers=[xgboost, xgboost])
    Model(
        stack,
        "Two",
        containers=[xgboost, Container(image=ContainerImage.from_dlc("sparkml", "3.3"))],
    )
    assert set(template_of(stack)["Mappings"]) == {
        "SageMakerImagesSagemakerXgboost",
        "SageMakerImagesSagemakerSparkmlServing",
    }
    assert len(resources_of(stack, "AWS::SageMaker::Model")) == 2


def test_one_image_for_several_stacks() -> None:
    app = cdk.App(analytics_reporting=False, context=STRICT)
    image = ContainerImage.from_dlc("pytorch", "2.6-cpu-py312")
    stacks = [stack_in(region, app) for region in ("eu-west-1", "cn-northwest-1")]
    for stack in stacks:
        one(stack, image=image)
    name = "pytorch-inference:2.6-cpu-py312"
    assert [image_of(stack) for stack in stacks] == [
        f"763104351884.dkr.ecr.eu-west-1.amazonaws.com/{name}",
        f"727897471807.dkr.ecr.cn-northwest-1.amazonaws.com.cn/{name}",
    ]


def test_tag_that_is_a_token() -> None:
    stack = stack_in("eu-west-1")
    tag = cdk.CfnParameter(stack, "Tag").value_as_string
    one(stack, image=ContainerImage.from_dlc("vllm", tag))
    host = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/vllm:"
    assert image_of(stack) == {"Fn::Join": ["", [host, {"Ref": "Tag"}]]}


FAMILY = "container.image is {!r}; must be a family of SageMaker's images"
FROM_URI = "Pass the URI of any other image with ContainerImage.from_uri."
FAMILIES = ", ".join(images.families())
REGIONS = ", ".join(sorted(images.find_repository("pytorch").accounts))  # type: ignore[union-attr]

UNPUBLISHED: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a misspelled family": (
        "eu-west-1",
        {"family": "xgbost", "tag": "1.7-1"},
        FAMILY.format("xgbost"),
        f"Did you mean 'xgboost'? {FROM_URI}",
    ),
    "an unknown family": (
        "eu-west-1",
        {"family": "?", "tag": "1"},
        FAMILY.format("?"),
        f"Use {FAMILIES}. {FROM_URI}",
    ),
    "a version with images for several devices": (
        "eu-west-1",
        {"family": "pytorch", "tag": "2.5.1"},
        (
            "container.image is '2.5.1'; must be the tag of one image, for example "
            "'2.5.1-cpu-py311', '2.5.1-gpu-py311'"
        ),
        'Write the full tag, or add device="cpu" or device="gpu".',
    ),
    "a version with several images": (
        "eu-west-1",
        {"family": "pytorch", "tag": "2", "device": "cpu"},
        (
            "container.image is '2'; must be the tag of one image, for example "
            "'2.6.0-cpu-py312', '2.6-cpu-py312', '2.5.1-cpu-py311', '2.5-cpu-py311', "
            "'2.4.0-cpu-py311', '2.4-cpu-py311' …"
        ),
        "Write the full tag.",
    ),
    "a region without the image": (
        "eu-nowhere-1",
        {"family": "pytorch", "tag": "2.6-cpu-py312"},
        "SageMaker does not publish the image pytorch-inference in eu-nowhere-1",
        (
            f"Deploy to one of {REGIONS}; or copy the image to your own ECR repository; or pass "
            "its URI with ContainerImage.from_uri."
        ),
    ),
}


@pytest.mark.parametrize("case", UNPUBLISHED)
def test_unpublished_image_raises(case: str) -> None:
    region, options, message, fix = UNPUBLISHED[case]
    stack = stack_in(region)
    with pytest.raises(EndpointConfigError) as error:
        one(stack, image=ContainerImage.from_dlc(**options))
    found = [(each.rule_id, each.path, each.message, each.fix) for each in error.value.findings]
    assert found == [("image-unpublished", "container.image", message, fix)]
    assert stack.node.children == []

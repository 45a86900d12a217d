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
from cdk_epc.catalog.image_versions import tags_of_version, versions_of
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.model.published_images import ImageDevice, find_published

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
            "2.6.0-cpu-py312-ubuntu22.04-sagemaker-v1.2",  # a build of a known tag
            (
                "727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/"
                "pytorch-inference:2.6.0-cpu-py312-ubuntu22.04-sagemaker-v1.2"
            ),
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


TAGS: dict[str, tuple[dict[str, Any], str]] = {
    # As SageMaker's SDK names versions.
    "TGI": (
        {"family": "huggingface-llm", "tag": "3.3.6"},
        "huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04",
    ),
    "TGI whose version begins the tag of another one": (
        {"family": "huggingface-llm", "tag": "2.0.1"},
        "huggingface-pytorch-tgi-inference:2.1.1-tgi2.0.1-gpu-py310-cu121-ubuntu22.04",
    ),
    "LMI": ({"family": "djl-lmi", "tag": "0.30.0"}, "djl-inference:0.30.0-lmi12.0.0-cu124"),
    "vLLM": (
        {"family": "vllm", "tag": "0.25"},
        "vllm:0.25.1-gpu-py312-cu130-ubuntu22.04-sagemaker",
    ),
    "Transformers": (
        {"family": "huggingface", "tag": "4.51.3", "device": "cpu"},
        "huggingface-pytorch-inference:2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04",
    ),
    # Devices.
    "no device in the tag": (
        {"family": "xgboost", "tag": "1.7-1", "device": "cpu"},
        "sagemaker-xgboost:1.7-1",
    ),
    "device named CUDA": (
        {"family": "llama-cpp", "tag": "1.0", "device": "gpu"},
        "llama-cpp:server-sagemaker-cuda-v1.0",
    ),
    "second generation of Neuron": (
        {"family": "huggingface-neuronx", "tag": "2.8.0", "device": "neuron"},
        (
            "huggingface-pytorch-inference-neuronx:"
            "2.8.0-transformers4.55.4-neuronx-py310-sdk2.26.0-ubuntu22.04"
        ),
    ),
    # Graviton, by the tag or the repository only.
    "x86": ({"family": "sklearn", "tag": "1.0-1"}, "sagemaker-scikit-learn:1.0-1-cpu-py3"),
    "x86, with a tag that Graviton has too": (
        {"family": "pytorch", "tag": "2.6.0-cpu-py312-ubuntu22.04-sagemaker"},
        "pytorch-inference:2.6.0-cpu-py312-ubuntu22.04-sagemaker",
    ),
    "Graviton by the tag": (
        {"family": "xgboost", "tag": "1.5-1-arm64"},
        "sagemaker-xgboost:1.5-1-arm64",
    ),
    "Graviton by the repository": (
        {"family": "pytorch-inference-arm64", "tag": "2.6.0"},
        "pytorch-inference-arm64:2.6.0-cpu-py312-ubuntu22.04-sagemaker",
    ),
    "newer than this library": (
        {"family": "pytorch", "tag": "99.0-cpu-py399", "allow_unknown": True},
        "pytorch-inference:99.0-cpu-py399",
    ),
}


@pytest.mark.parametrize("case", TAGS)
def test_tag(case: str) -> None:
    options, image = TAGS[case]
    stack = stack_in("eu-west-1")
    environment = {"HF_MODEL_ID": "acme/fraud"}  # some servers do not start without it
    one(stack, image=ContainerImage.from_dlc(**options), environment=environment)
    assert image_of(stack).partition("/")[2] == image


def test_every_version_of_the_sdk_is_accepted() -> None:
    stack = stack_in("us-east-1")
    devices: tuple[ImageDevice, ...] = ("cpu", "gpu", "neuron")
    for family in images.families():
        for version in versions_of(family):
            for device in devices:
                tags = tags_of_version(family, version)
                problem, uri = "", ""
                try:
                    uri = find_published(stack, family, version, device).uri
                except ArgumentTypeError as error:
                    problem = error.allowed
                # Several frameworks or Pythons, or none for this device, are a problem.
                expected = ("one image" in problem) or (f"for {device!r}" in problem)
                assert uri.rpartition(":")[2] in tags if uri else expected, (family, version)


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

UNKNOWN_TAG = (
    "Correct the tag. For an image that is newer than this library, write its full tag and pass "
    "allow_unknown=True, or pass the URI of any other image with ContainerImage.from_uri."
)

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
    "a tag that is misspelled": (
        "eu-west-1",
        {"family": "huggingface-llm", "tag": "2.7.0-tgi3.3.5"},
        (
            "container.image is '2.7.0-tgi3.3.5'; must be a published tag or version of "
            "'huggingface-llm' (nearest: '2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04', "
            "'2.7.0-tgi3.3.4-gpu-py311-cu124-ubuntu22.04', "
            "'2.6.0-tgi3.2.3-gpu-py311-cu124-ubuntu22.04')"
        ),
        UNKNOWN_TAG,
    ),
    "a version that is newer than the data": (
        "eu-west-1",
        {"family": "huggingface-llm", "tag": "3.3.9", "device": "gpu"},
        (
            "container.image is '3.3.9'; must be a published tag or version of "
            "'huggingface-llm' for 'gpu' (nearest: '2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04', "
            "'2.7.0-tgi3.3.4-gpu-py311-cu124-ubuntu22.04', "
            "'2.6.0-tgi3.2.3-gpu-py311-cu124-ubuntu22.04')"
        ),
        UNKNOWN_TAG,
    ),
    "a tag of another device": (
        "eu-west-1",
        {"family": "sklearn", "tag": "1.2-1-cpu-py3", "device": "gpu"},
        (
            "container.image is '1.2-1-cpu-py3'; must be a published tag or version of "
            "'sklearn' for 'gpu'"
        ),
        UNKNOWN_TAG,
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


def test_family_and_device_that_do_not_exist_for_inference() -> None:
    cases: list[tuple[dict[str, Any], tuple[str, str, str, str]]] = [
        (
            {"family": "pytorch-training", "tag": "2.1.0-gpu-py310-cu121-ubuntu20.04-sagemaker"},
            (
                "image-family-not-for-inference",
                "container.image",
                "SageMaker's images of 'pytorch-training' are for training, not for inference",
                (
                    "Use 'pytorch-inference', or pass the URI of any other image with "
                    "ContainerImage.from_uri."
                ),
            ),
        ),
        (
            {"family": "clarify", "tag": "1.0"},
            (
                "image-family-not-for-inference",
                "container.image",
                "SageMaker's images of 'clarify' are for processing, not for inference",
                (
                    "Use a family for inference, or pass the URI of any other image with "
                    "ContainerImage.from_uri."
                ),
            ),
        ),
        (
            {"family": "pytorch", "tag": "2.6", "device": "cuda"},
            (
                "argument-type-wrong",
                "container.image.device",
                'container.image.device is \'cuda\'; must be "cpu", "gpu" or "neuron"',
                "Correct the device, or leave it out.",
            ),
        ),
    ]
    for options, expected in cases:
        stack = stack_in("eu-west-1")
        with pytest.raises(EndpointConfigError) as error:
            one(stack, image=ContainerImage.from_dlc(**options))
        (found,) = error.value.findings
        assert (found.rule_id, found.path, found.message, found.fix) == expected
        assert stack.node.children == []


def test_unknown_tag_that_is_allowed_is_a_warning() -> None:
    uri = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:99.0-cpu-py399"
    unknown = ContainerImage.from_dlc("pytorch", "99.0-cpu-py399", allow_unknown=True)
    known = f"{uri.partition(':')[0]}:2.6.0-cpu-py312-ubuntu22.04-sagemaker"
    own = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:99.0-cpu-py399"
    for image, expected in (
        (unknown, ["model-image-tag-unpublished"]),
        (uri, ["model-image-tag-unpublished"]),
        (ContainerImage.from_dlc("pytorch", "2.6.0-cpu-py312"), []),
        (known, []),
        (f"{uri}@sha256:{'0' * 64}", []),
        (f"{uri.partition(':')[0]}:{cdk.Aws.STACK_NAME}", []),
        (own, []),
    ):
        for stack in (stack_in("eu-west-1"), new_stack()):
            findings = one(stack, image=image).findings_at_synth()
            assert [each.rule_id for each in findings] == expected, image
    (warning,) = one(stack_in("eu-west-1"), image=unknown).findings_at_synth()
    assert warning.fix == (
        "Correct the tag, for example to 1.9.0-cpu-py38 or 2.0-cpu-py310 or 1.13-cpu-py39, or "
        "acknowledge the finding if the image exists."
    )

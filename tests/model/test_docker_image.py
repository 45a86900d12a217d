"""Docker images that CDK builds: platform of the instance types, and output of the build."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.aws_ecr_assets import Platform
from kit.cdk import new_stack
from kit.components import compute, endpoint_in
from kit.models import ARCHIVE, FOLDER, statements_of

from cdk_epc import (
    ComponentContainer,
    ComputeRequirements,
    Container,
    ContainerImage,
    EndpointConfig,
    EndpointConfigError,
    InferenceComponent,
    InstancePool,
    InstanceType,
    InstanceVariant,
    Model,
    ModelData,
)

X86, ARM = InstanceType.ML_M5_LARGE, InstanceType.ML_C7G_LARGE


def sources(stack: cdk.Stack) -> list[dict[str, Any]]:
    """Return the Docker assets of the app, without their folders."""
    app: Any = stack.node.root
    folder = Path(app.synth().directory)
    (file,) = folder.glob("*.assets.json")
    images = json.loads(file.read_text("utf-8")).get("dockerImages", {})
    return [
        {k: v for k, v in each["source"].items() if k != "directory"} for each in images.values()
    ]


def built(platform: str, outputs: list[str] | None = None) -> dict[str, Any]:
    return {"platform": platform, "dockerOutputs": outputs or ["type=docker"]}


def model_in(stack: cdk.Stack, **options: Any) -> Model:
    image = ContainerImage.from_asset(FOLDER, **options)
    return Model(stack, "Model", container=Container(image=image))


def run_on(stack: cdk.Stack, model: Model, *types: Any) -> EndpointConfig:
    config = EndpointConfig(stack, "Config")
    for index, each in enumerate(types):
        config.add_instance_variant(
            f"v{index}", model=model, instance_type=each, initial_instance_count=1
        )
    return config


def pools(*types: InstanceType) -> list[InstancePool]:
    return [InstancePool(each, priority=index) for index, each in enumerate(types, 1)]


PLATFORMS: dict[str, tuple[dict[str, Any], tuple[Any, ...], dict[str, Any]]] = {
    "x86": ({}, (X86,), built("linux/amd64")),
    "Graviton": ({}, (ARM, pools(ARM, InstanceType.ML_C6G_LARGE)), built("linux/arm64")),
    "no variant": ({}, (), built("linux/amd64")),
    "unknown type": ({}, (InstanceType.of("ml.z99.large"),), built("linux/amd64")),
    "chosen": ({"platform": Platform.LINUX_ARM64}, (ARM,), built("linux/arm64")),
    "custom": (
        {"platform": Platform.custom("linux/arm64/v8")},
        (X86, ARM),
        built("linux/arm64/v8"),
    ),
    "outputs": (
        {"outputs": ["type=registry"]},
        (X86,),
        built("linux/amd64", ["type=registry"]),
    ),
    "no outputs": ({"outputs": ()}, (X86,), {"platform": "linux/amd64"}),
}


@pytest.mark.parametrize("case", PLATFORMS)
def test_platform_follows_the_instance_types(case: str) -> None:
    options, types, expected = PLATFORMS[case]
    stack = new_stack()
    model = model_in(stack, **options)
    if types:
        run_on(stack, model, *types)
    assert sources(stack) == [expected]


def test_role_may_pull_the_image_of_later() -> None:
    stack = new_stack()
    run_on(stack, model_in(stack), ARM)
    actions = [action for each in statements_of(stack) for action in [*each["Action"]]]
    assert "ecr:BatchGetImage" in actions


def test_pool_with_a_model_of_its_own_has_its_own_platform() -> None:
    stack = new_stack()
    model = model_in(stack)
    image = ContainerImage.from_asset(FOLDER)
    override = Model(stack, "Arm", container=Container(image=image))
    mixed = [InstancePool(X86, priority=1), InstancePool(ARM, priority=2, model_override=override)]
    run_on(stack, model, mixed)
    assert sorted(each["platform"] for each in sources(stack)) == ["linux/amd64", "linux/arm64"]


def test_image_of_a_component_follows_its_variant() -> None:
    stack = new_stack()
    endpoint = endpoint_in(stack, instance_type=ARM)
    image = ContainerImage.from_asset(FOLDER)
    needs = ComputeRequirements(cpu_cores=1, min_memory=cdk.Size.gibibytes(1))
    for id_, artifact in (
        ("Packed", ModelData.from_asset(ARCHIVE)),
        ("Unpacked", ModelData.from_s3_folder("s3://amzn-s3-demo-bucket/x/")),
    ):
        container = ComponentContainer(image=image, artifact=artifact)
        InferenceComponent(stack, id_, endpoint=endpoint, container=container, compute=needs)
    assert sources(stack) == [built("linux/arm64")]


TWO = "one Docker image is built for instance types of two architectures: ml.m5.large (x86_64) and "
REFUSED: dict[str, tuple[dict[str, Any], Callable[[cdk.Stack, Model], object], str]] = {
    "two variants": ({}, lambda stack, model: run_on(stack, model, X86, ARM), f"{TWO}ml.c7g.large"),
    "two pools": (
        {},
        lambda stack, model: run_on(stack, model, pools(X86, ARM)),
        f"{TWO}ml.c7g.large",
    ),
    "two variants of the constructor": (
        {},
        lambda stack, model: EndpointConfig(
            stack,
            "Config",
            production_variants=[
                InstanceVariant(name, model=model, instance_type=each, initial_instance_count=1)
                for name, each in (("one", X86), ("two", ARM))
            ],
        ),
        f"{TWO}ml.c7g.large",
    ),
    "platform of the other architecture": (
        {"platform": Platform.LINUX_AMD64},
        lambda stack, model: run_on(stack, model, ARM),
        (
            "a Docker image is built for x86_64, but the instance type ml.c7g.large has the "
            "architecture arm64"
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_other_architecture_is_refused_at_the_call(case: str) -> None:
    options, run, message = REFUSED[case]
    stack = new_stack()
    model = model_in(stack, **options)
    with pytest.raises(EndpointConfigError) as error:
        run(stack, model)
    (finding,) = error.value.findings
    assert finding.rule_id == "asset-image-architecture-mismatch"
    assert finding.message.startswith(message)


def test_other_architecture_of_a_component_is_reported_at_synth() -> None:
    stack = new_stack()
    image = ContainerImage.from_asset(FOLDER, platform=Platform.LINUX_ARM64)
    container = ComponentContainer(image=image, artifact="s3://amzn-s3-demo-bucket/x.tar.gz")
    component = InferenceComponent(
        stack, "Component", endpoint=endpoint_in(stack), container=container, compute=compute()
    )
    with pytest.raises(RuntimeError, match="asset-image-architecture-mismatch"):
        sources(stack)
    (finding,) = component.findings_at_synth()
    assert finding.rule_id == "asset-image-architecture-mismatch"


def test_acknowledged_architecture() -> None:
    stack = new_stack()
    model = model_in(stack, platform=Platform.LINUX_ARM64)
    reasons = {"asset-image-architecture-mismatch": "The base image has both architectures."}
    config = EndpointConfig(stack, "Config", acknowledge=reasons)
    config.add_instance_variant("main", model=model, instance_type=X86, initial_instance_count=1)
    assert config.findings_at_synth() == []

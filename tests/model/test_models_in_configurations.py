"""Tests of models in configurations: references, hashed names and rules on both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.aws_ecr_assets import Platform
from kit.cdk import STRICT, new_stack, properties_of, template_of
from kit.endpoints import refused_findings
from kit.models import ARCHIVE, FOLDER, IMAGE, model_of, one, resources_of

from cdk_epc import (
    Container,
    ContainerImage,
    EndpointConfig,
    EndpointConfigError,
    InferenceExecutionMode,
    InstanceType,
    Model,
    ModelData,
)

LARGE = InstanceType.ML_M5_LARGE


def config_with(scope: cdk.Stack, model: Model, **options: Any) -> EndpointConfig:
    config = EndpointConfig(scope, "Config", **options)
    config.add_instance_variant("main", model=model, instance_type=LARGE, initial_instance_count=1)
    return config


def test_reference_in_one_stack() -> None:
    stack = new_stack()
    config_with(stack, one(stack))
    (variant,) = properties_of(stack)["ProductionVariants"]
    assert variant["ModelName"] == {"Fn::GetAtt": ["Model0301700E", "ModelName"]}


def test_reference_between_stacks() -> None:
    app = cdk.App(analytics_reporting=False, context=STRICT)
    models, configs = new_stack("Models", app), new_stack("Configs", app)
    config = config_with(configs, one(models))
    (variant,) = properties_of(configs)["ProductionVariants"]
    export = "Models:ExportsOutputFnGetAttModel0301700EModelName4D4CDDB3"
    assert list(variant["ModelName"]) == ["Fn::ImportValue"]
    assert variant["ModelName"]["Fn::ImportValue"].startswith(export[:45])
    assert [each.node.id for each in configs.dependencies] == ["Models"]
    assert models.dependencies == []
    assert [(each.rule_id, each.path) for each in config.findings_at_synth()] == [
        ("model-imported", 'add_instance_variant("main").model')
    ]


def test_references_without_an_export() -> None:
    """A known name needs no export, and a nested stack passes its name on as an output."""
    app = cdk.App(analytics_reporting=False, context=STRICT)
    models, configs = new_stack("Models", app), new_stack("Configs", app)
    known = Model.from_model_name(models, "Known", "fraud-7")
    nested = one(cdk.NestedStack(configs, "Nested"))
    config = EndpointConfig(configs, "Config")
    for name, model in (("known", known), ("nested", nested)):
        config.add_instance_variant(
            name, model=model, instance_type=LARGE, initial_instance_count=1
        )
    assert config.findings_at_synth() == []


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"image": IMAGE}, {"image": IMAGE}, True),
        ({"image": IMAGE}, {"image": f"{IMAGE}1"}, False),
        ({"image": IMAGE}, {"image": IMAGE, "environment": {"A": "b"}}, False),
        (
            {"model_data": ModelData.from_asset(ARCHIVE)},
            {"model_data": ModelData.from_asset(ARCHIVE)},
            True,
        ),
        (
            {"image": ContainerImage.from_asset(FOLDER)},
            {"image": ContainerImage.from_asset(FOLDER, build_args={"A": "b"})},
            False,
        ),
    ],
)
def test_hashed_name_covers_the_model(
    first: dict[str, Any],
    second: dict[str, Any],
    same: bool,  # noqa: FBT001 - a column of the table
) -> None:
    names = []
    for container in (first, second):
        stack = new_stack()
        config_with(stack, one(stack, **container), endpoint_config_name_prefix="fraud")
        names.append(properties_of(stack)["EndpointConfigName"])
    assert (names[0] == names[1]) is same
    assert all(name.startswith("fraud-") for name in names)


def serverless(stack: cdk.Stack, model: Model) -> EndpointConfig:
    config = EndpointConfig(stack, "Config")
    config.add_serverless_variant(
        "main", model=model, memory_size=cdk.Size.gibibytes(2), max_concurrency=5
    )
    return config


@pytest.mark.parametrize(
    "container",
    [
        Container(image=IMAGE, model_data=ModelData.from_s3_folder("s3://b/falcon/")),
        Container(image=IMAGE, model_data=ModelData.multi_model("s3://b/all/")),
    ],
)
def test_model_feature_that_serverless_variants_do_not_support(container: Container) -> None:
    stack = new_stack()
    model = Model(stack, "Model", container=container)
    (finding,) = refused_findings(lambda: serverless(stack, model))
    assert finding.rule_id == "serverless-with-model-feature"


def test_serverless_variant_with_one_archive() -> None:
    stack = new_stack()
    config = serverless(stack, one(stack, model_data=ModelData.from_asset(ARCHIVE)))
    assert config.findings_at_synth() == []
    template_of(stack)


def test_pipeline_keeps_its_order() -> None:
    stack = new_stack()
    names = ["third", "first", "second"]
    Model(stack, "Model", containers=[Container(image=IMAGE, hostname=name) for name in names])
    containers = model_of(stack)["Properties"]["Containers"]
    assert [each["ContainerHostname"] for each in containers] == names


def test_explicit_serial_execution() -> None:
    stack = new_stack()
    Model(
        stack,
        "Model",
        containers=[Container(image=IMAGE)] * 2,
        execution_mode=InferenceExecutionMode.SERIAL,
    )
    assert model_of(stack)["Properties"]["InferenceExecutionConfig"] == {"Mode": "Serial"}


def test_one_container_in_two_models() -> None:
    """A container value with an asset can be used in several stacks."""
    app = cdk.App(analytics_reporting=False, context=STRICT)
    stacks = [new_stack(name, app) for name in ("One", "Two")]
    container = Container(
        image=ContainerImage.from_asset(FOLDER), model_data=ModelData.from_asset(ARCHIVE)
    )
    for stack in stacks:
        for id_ in ("A", "B"):
            Model(stack, id_, container=container)
    made = [resources_of(stack, "AWS::SageMaker::Model").values() for stack in stacks]
    containers = [each["Properties"]["PrimaryContainer"] for models in made for each in models]
    assert [each == containers[0] for each in containers] == [True] * 4
    assert set(containers[0]) == {"Image", "ModelDataUrl"}


@pytest.mark.parametrize(
    ("region", "refused"), [("us-east-1", True), ("eu-west-1", False), (None, False)]
)
def test_image_of_another_region(
    region: str | None,
    refused: bool,  # noqa: FBT001 - a column of the table
) -> None:
    stack = cdk.Stack(
        cdk.App(analytics_reporting=False, context=STRICT),
        "Stack",
        env=cdk.Environment(region=region),
    )
    if not refused:
        assert config_with(stack, one(stack)).findings_at_synth() == []
        return
    with pytest.raises(EndpointConfigError) as caught:
        one(stack)
    (finding,) = caught.value.findings
    assert (finding.rule_id, finding.message, finding.fix) == (
        "model-image-other-region",
        (
            "container.image is an image in eu-west-1; must be in us-east-1, the region of the "
            "deployment"
        ),
        "Copy the image to an ECR repository in us-east-1, for example with ECR replication.",
    )


@pytest.mark.parametrize(
    ("image", "instance_type", "rules"),
    [
        (
            lambda _: ContainerImage.from_dlc("tensorflow-inference", "2.14-gpu"),
            InstanceType.ML_M5_LARGE,
            ["gpu-image-without-gpu"],
        ),
        (
            lambda _: ContainerImage.from_dlc("tensorflow-inference", "2.14-gpu"),
            InstanceType.ML_G5_XLARGE,
            [],
        ),
        (ContainerImage.from_asset, InstanceType.ML_C6I_LARGE, []),
        (ContainerImage.from_asset, InstanceType.ML_C7G_LARGE, []),
        (
            lambda folder: ContainerImage.from_asset(folder, platform=Platform.LINUX_ARM64),
            InstanceType.ML_C7G_LARGE,
            [],
        ),
    ],
)
def test_hardware_of_an_image_in_an_unknown_region(
    image: Callable[[Path], ContainerImage],
    instance_type: InstanceType,
    rules: list[str],
    tmp_path: Path,
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    stack = new_stack()
    model = Model(stack, "Model", container=Container(image=image(tmp_path)))
    config = EndpointConfig(stack, "Config")

    def add() -> None:
        config.add_instance_variant(
            "main", model=model, instance_type=instance_type, initial_instance_count=1
        )

    if rules:
        assert [each.rule_id for each in refused_findings(add)] == rules
    else:
        add()
        assert config.findings_at_synth() == []


def test_serverless_image_of_another_account() -> None:
    stack = cdk.Stack(
        cdk.App(analytics_reporting=False, context=STRICT),
        "Stack",
        env=cdk.Environment(account="444455556666"),
    )
    (finding,) = refused_findings(lambda: serverless(stack, one(stack)))
    assert (finding.rule_id, finding.path) == (
        "serverless-image-other-account",
        'add_serverless_variant("main").model',
    )

"""Tests of the findings of models: raised by the constructor, which then leaves no construct."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack, template_of
from kit.models import ARCHIVE, FOLDER, IMAGE, PACKAGE, bucket_of, network_of, one

from cdk_epc import (
    Container,
    ContainerImage,
    EndpointConfigError,
    Finding,
    InferenceExecutionMode,
    Model,
    ModelData,
    Profile,
    Rule,
    S3Location,
    Severity,
    Violation,
)
from cdk_epc.rules.rule import Words

CONTAINER = Container(image=IMAGE)
DIRECT = InferenceExecutionMode.DIRECT
Row = tuple[Callable[[cdk.Stack], Mapping[str, Any]], list[tuple[str, str, str]]]


def line() -> int:
    """Return the line of the call."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def with_container(**container: Any) -> Callable[[cdk.Stack], dict[str, Any]]:
    return lambda _: {"container": Container(**{"image": IMAGE, **container})}


FINDINGS: dict[str, Row] = {
    "no container": (
        lambda _: {},
        [
            (
                "model-containers-ambiguous",
                "container is required because the model has no containers",
                "Set container, or containers for several containers.",
            )
        ],
    ),
    "one container and several": (
        lambda _: {"container": CONTAINER, "containers": [CONTAINER]},
        [
            (
                "model-containers-ambiguous",
                "container is not allowed together with containers",
                "Move every container into containers, in the order in which they run.",
            )
        ],
    ),
    "sixteen containers": (
        lambda _: {"containers": [CONTAINER] * 16},
        [
            (
                "list-length-wrong",
                "containers has 16 items; must have at most 15 items",
                "Remove some items.",
            )
        ],
    ),
    "direct calls without a hostname": (
        lambda _: {
            "containers": [Container(image=IMAGE, hostname="a"), CONTAINER],
            "execution_mode": DIRECT,
        },
        [
            (
                "model-container-hostnames-missing",
                (
                    "containers[1].hostname is required because requests address each container "
                    "by its hostname in Direct mode"
                ),
                "Pass hostname to every Container.",
            )
        ],
    ),
    "two multi-model containers in a pipeline": (
        lambda stack: {
            "containers": [
                Container(
                    image=IMAGE,
                    model_data=ModelData.multi_model(S3Location(bucket_of(stack), "a/")),
                ),
                Container(image=IMAGE, model_data=ModelData.multi_model("s3://b/a/")),
            ],
        },
        [
            (
                "model-several-multi-model-containers",
                "the inference pipeline has more than one multi-model container",
                "Keep one multi-model container in the pipeline.",
            )
        ],
    ),
    "a prefix without a slash": (
        lambda stack: {
            "container": Container(
                image=IMAGE,
                model_data=ModelData.from_s3_folder(S3Location(bucket_of(stack), "falcon")),
            )
        },
        [
            (
                "model-data-prefix-without-slash",
                (
                    "container.model_data is 's3://amzn-s3-demo-bucket/falcon'; must end with a "
                    "slash because it is an S3 prefix"
                ),
                "Add a slash, or use ModelData.from_s3() for a single archive.",
            )
        ],
    ),
    "a private registry without a VPC": (
        with_container(image=ContainerImage.from_private_registry("r/i:1")),
        [
            (
                "model-private-registry-without-vpc",
                (
                    "the image is in a private registry, but the model has no vpc through which "
                    "SageMaker can pull it"
                ),
                ("Set vpc to a VPC with access to the registry, or use an image in Amazon ECR."),
            )
        ],
    ),
    "a package from AWS Marketplace without network isolation": (
        lambda _: {"container": Container(model_package=PACKAGE), "network_isolation": False},
        [
            (
                "model-marketplace-without-isolation",
                (
                    "network_isolation is False; must be true because the model package is from "
                    "AWS Marketplace"
                ),
                "Pass network_isolation=True.",
            )
        ],
    ),
    "an image with a space": (
        with_container(image="fraud: 7"),
        [
            (
                "value-pattern-mismatch",
                "container.image is 'fraud: 7'; must match [\\S]+",
                "Remove ':', ' '.",
            )
        ],
    ),
    "an environment variable that is not text": (
        with_container(environment={"WORKERS": 2}),
        [
            (
                "value-type-wrong",
                "container.environment['WORKERS'] is 2; must be text",
                "Give text, not a whole number.",
            )
        ],
    ),
    "an environment variable with too many bytes": (
        with_container(environment={"GREETING": "é" * 600}),
        [
            (
                "model-environment-too-large",
                ("container.environment['GREETING'] has 1200 bytes; must not exceed 1024 bytes"),
                "Shorten the text, or read it from S3 in the container.",
            )
        ],
    ),
    "an image of another type": (
        with_container(image=7),
        [
            (
                "argument-type-wrong",
                "container.image is 7; must be a ContainerImage or the URI of an image",
                "Use a method of ContainerImage, for example ContainerImage.from_ecr_repository.",
            )
        ],
    ),
    "artifacts of another type": (
        with_container(model_data=7),
        [
            (
                "argument-type-wrong",
                "container.model_data is 7; must be a ModelData, an S3Location or an S3 URI",
                'Write ModelData.from_s3(S3Location(bucket, "model.tar.gz")), for example.',
            )
        ],
    ),
    "a bucket of another type": (
        with_container(model_data=ModelData.from_s3(S3Location(7, "key"))),  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.model_data is 7; must be a bucket (IBucket), its name, or an S3 URI",
                'Pass the bucket construct, for example S3Location(bucket, "prefix/").',
            )
        ],
    ),
    "a repository of another type": (
        with_container(image=ContainerImage.from_ecr_repository("fraud", "7")),  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.image.repository is 'fraud'; must be a repository (IRepository)",
                "Pass the repository construct.",
            )
        ],
    ),
    "an image asset of another type": (
        with_container(image=ContainerImage.from_asset(7)),  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.image is 7; must be a folder with a Dockerfile, or a DockerImageAsset",
                "Pass the path of the folder.",
            )
        ],
    ),
    "a folder without a Dockerfile": (
        with_container(image=ContainerImage.from_asset(FOLDER, file="Dockerfile.gpu")),
        [
            (
                "argument-type-wrong",
                (
                    f"container.image is '{FOLDER}/Dockerfile.gpu'; "
                    "must be the path of an existing Dockerfile"
                ),
                "Correct the directory, or pass the path of the Dockerfile in it as file=.",
            )
        ],
    ),
    "credentials of another type": (
        with_container(image=ContainerImage.from_private_registry("r/i", credentials=7)),  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.image.credentials is 7; must be a function (IFunction) or its ARN",
                "Pass the function construct.",
            )
        ],
    ),
    "a file that is not an archive": (
        with_container(model_data=ModelData.from_asset(f"{FOLDER}/server")),
        [
            (
                "model-asset-not-archive",
                (
                    f"container.model_data is '{FOLDER}/server'; must be the path of a folder "
                    "with files, or of an archive whose name ends with .tar.gz"
                ),
                "Pass the path of the artifacts' folder.",
            )
        ],
    ),
    "an archive that does not exist": (
        with_container(model_data=ModelData.from_asset("no/model.tar.gz")),
        [
            (
                "model-asset-not-archive",
                (
                    "container.model_data is 'no/model.tar.gz'; must be the path of a folder with "
                    "files, or of an archive whose name ends with .tar.gz"
                ),
                "Pass the path of the artifacts' folder.",
            )
        ],
    ),
    "a data asset of another type": (
        with_container(model_data=ModelData.from_asset(7)),  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.model_data is 7; must be the path of a folder or archive, or an Asset",
                "Pass the path.",
            )
        ],
    ),
    "a role of another type": (
        lambda _: {"container": CONTAINER, "execution_role": 7},
        [
            (
                "argument-type-wrong",
                "execution_role is 7; must be a role (IRole) or its ARN",
                "Pass the role construct.",
            )
        ],
    ),
    "a misspelt execution mode": (
        lambda _: {"containers": [CONTAINER, CONTAINER], "execution_mode": "serial"},
        [
            (
                "value-not-allowed",
                "execution_mode is 'serial'; must be Serial or Direct",
                "Did you mean Serial?",
            )
        ],
    ),
    "a name that is too long": (
        lambda _: {"container": CONTAINER, "model_name": "n" * 64},
        [
            (
                "value-length-wrong",
                f"model_name is '{'n' * 64}'; must have 1 to 63 characters",
                "Shorten it; it has 64 characters.",
            )
        ],
    ),
    "a reserved tag key": (
        lambda _: {"container": CONTAINER, "tags": {"aws:team": "fraud"}},
        [
            (
                "tag-key-reserved",
                (
                    "tags['aws:team'] is 'aws:team'; must not begin with 'aws:', which AWS "
                    "reserves in upper and lower case"
                ),
                "Rename the tag.",
            )
        ],
    ),
    "six security groups": (
        lambda stack: {
            "container": CONTAINER,
            "vpc": (network := network_of(stack))["vpc"],
            "security_groups": network["security_groups"] * 6,
        },
        [
            (
                "list-length-wrong",
                "security_groups has 6 items; must have 1 to 5 items",
                "Remove some items.",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", FINDINGS)
def test_constructor_raises(case: str) -> None:
    options, expected = FINDINGS[case]
    stack = new_stack()
    given = options(stack)
    before = [child.node.id for child in stack.node.children]
    with pytest.raises(EndpointConfigError) as error:
        Model(stack, "Model", **given)
    found = [(each.rule_id, each.message, each.fix) for each in error.value.findings]
    assert found == expected
    assert {(each.resource, each.file) for each in error.value.findings} == {
        ("Stack/Model", __file__)
    }
    assert [child.node.id for child in stack.node.children] == before


def test_whole_finding() -> None:
    stack = new_stack()
    container = Container(image=ContainerImage.from_private_registry("registry.example.com/i:1"))
    before = line()
    with pytest.raises(EndpointConfigError) as error:
        Model(stack, "Model", container=container)
    (finding,) = error.value.findings
    assert finding == (
        Finding(
            rule_id="model-private-registry-without-vpc",
            severity=Severity.ERROR,
            path="container.image",
            got=Words("a private registry"),
            allowed="",
            message="the image is in a private registry, but the model has no vpc through which "
            "SageMaker can pull it",
            fix="Set vpc to a VPC with access to the registry, or use an image in Amazon ECR.",
            source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/"
            "your-algorithms-containers-inference-private.html",
            resource="Stack/Model",
            file=__file__,
            line=before + 2,
        )
    )


def test_id_of_a_refused_model_stays_unused() -> None:
    stack = new_stack()
    with pytest.raises(EndpointConfigError):
        one(stack, image="a b", model_data=ModelData.from_asset(ARCHIVE))
    one(stack)
    assert "Model0301700E" in template_of(stack)["Resources"]


def test_warnings_are_reported_at_synth() -> None:
    stack = new_stack()
    model = Model(stack, "Model", container=Container(environment={"A": "b"}))
    (warning,) = model.findings_at_synth()
    assert (warning.rule_id, warning.severity) == (
        "model-container-image-missing",
        Severity.WARNING,
    )
    with pytest.raises(EndpointConfigError):
        Model(stack, "Strict", container=Container(), profile=Profile.STRICT)


def test_template_has_the_reason_of_an_acknowledgement() -> None:
    stack = new_stack()
    reason = "The package was reviewed, and calls home on purpose."
    model = Model(
        stack,
        "Model",
        container=Container(model_package=PACKAGE),
        acknowledge={"model-marketplace-without-isolation": reason},
    )
    resource = template_of(stack)["Resources"]["Model0301700E"]
    assert resource["Metadata"]["cdk-epc"] == {
        "acknowledge": {"model-marketplace-without-isolation": reason}
    }
    assert [each.acknowledged for each in model.acknowledged] == [reason]


def test_custom_rule_checks_a_model() -> None:
    from cdk_epc import ModelSpec

    rule = Rule(
        id="company-isolation",
        title="Models are isolated",
        why="The company requires it.",
        about=(ModelSpec,),
        check=lambda spec: (
            [
                Violation(
                    path=("enable_network_isolation",),
                    got=None,
                    must="be True",
                    fix="Isolate the model.",
                )
            ]
            if not spec.enable_network_isolation
            else []
        ),
    )
    with pytest.raises(EndpointConfigError) as error:
        Model(new_stack(), "Model", container=CONTAINER, rules=[rule])
    assert [each.message for each in error.value.findings] == [
        "network_isolation is missing; must be True"
    ]
    Model(new_stack(), "Model", container=CONTAINER, network_isolation=True, rules=[rule])

"""What is refused where it was written, in the constructor's words, with nothing left behind."""

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
    Severity,
    Violation,
    VpcPlacement,
)
from cdk_epc.rules.rule import Words

CONTAINER = Container(image=IMAGE)
DIRECT = InferenceExecutionMode.DIRECT
Row = tuple[Callable[[cdk.Stack], Mapping[str, Any]], list[tuple[str, str, str]]]


def line() -> int:
    """The line that calls this."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def contained(**container: Any) -> Callable[[cdk.Stack], dict[str, Any]]:
    return lambda _: {"container": Container(**{"image": IMAGE, **container})}


REFUSED: dict[str, Row] = {
    "no container": (
        lambda _: {},
        [
            (
                "model-containers-ambiguous",
                "container is missing; allowed: a container, here or in Containers",
                "Give PrimaryContainer, or Containers where there are several.",
            )
        ],
    ),
    "one container and several": (
        lambda _: {"container": CONTAINER, "containers": [CONTAINER]},
        [
            (
                "model-containers-ambiguous",
                (
                    "container: a container beside those of Containers; "
                    "allowed: either PrimaryContainer or Containers"
                ),
                "Put every container into Containers, in the order in which they run.",
            )
        ],
    ),
    "sixteen containers": (
        lambda _: {"containers": [CONTAINER] * 16},
        [
            (
                "list-length-wrong",
                "containers: 16 items; allowed: 0 to 15 items",
                "Take some out.",
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
                    "containers[1].hostname is missing; "
                    "allowed: a name, for each container is called by its name"
                ),
                "Give every container a ContainerHostname.",
            )
        ],
    ),
    "a pipeline of two containers of many models": (
        lambda stack: {
            "containers": [
                Container(image=IMAGE, model_data=ModelData.many(bucket_of(stack), "a/")),
                Container(image=IMAGE, model_data=ModelData.many("s3://b/a/")),
            ],
        },
        [
            (
                "model-several-multi-model-containers",
                (
                    "containers[1].model_data is 'MultiModel'; allowed: SingleModel, for another "
                    "container of the pipeline is a multi-model one"
                ),
                "Keep one multi-model container in the pipeline.",
            )
        ],
    ),
    "a prefix without a slash": (
        lambda stack: {
            "container": Container(
                image=IMAGE, model_data=ModelData.uncompressed(bucket_of(stack), "falcon")
            )
        },
        [
            (
                "model-data-prefix-without-slash",
                (
                    "container.model_data is 's3://amzn-s3-demo-bucket/falcon'; "
                    "allowed: a prefix that ends with a slash"
                ),
                "Put a slash at its end; the URI of a single object is one of S3Object.",
            )
        ],
    ),
    "a private registry without a VPC": (
        contained(image=ContainerImage.from_private_registry("r/i:1")),
        [
            (
                "model-private-registry-without-vpc",
                "container.image: a private registry; allowed: ECR, for the model is in no VPC",
                "Give the model a VPC that leads to the registry, or take the image from ECR.",
            )
        ],
    ),
    "a package of AWS Marketplace in the open": (
        lambda _: {"container": Container(model_package=PACKAGE), "network_isolation": False},
        [
            (
                "model-marketplace-without-isolation",
                (
                    "network_isolation is False; "
                    "allowed: True, for a model package is from AWS Marketplace"
                ),
                "Turn network isolation on.",
            )
        ],
    ),
    "an image with a space": (
        contained(image="fraud: 7"),
        [
            (
                "value-pattern-mismatch",
                "container.image is 'fraud: 7'; allowed: text that matches [\\S]+",
                "Take out the characters that do not fit.",
            )
        ],
    ),
    "a variable that is no text": (
        contained(environment={"WORKERS": 2}),
        [
            (
                "value-type-wrong",
                "container.environment['WORKERS'] is 2; allowed: text",
                "Give text, not a whole number.",
            )
        ],
    ),
    "a variable whose bytes are too many": (
        contained(environment={"GREETING": "é" * 600}),
        [
            (
                "model-environment-too-large",
                "container.environment['GREETING']: 1200 bytes; allowed: at most 1024 bytes",
                "Shorten it, or let the container read what is long from S3.",
            )
        ],
    ),
    "an image of another type": (
        contained(image=7),
        [
            (
                "argument-type-wrong",
                "container.image is 7; allowed: a ContainerImage or the URI of an image",
                "Take one of ContainerImage's methods, for example from_ecr_repository.",
            )
        ],
    ),
    "artifacts of another type": (
        contained(model_data=7),
        [
            (
                "argument-type-wrong",
                "container.model_data is 7; allowed: a ModelData or an S3 URI",
                "Take one of ModelData's methods, for example from_bucket.",
            )
        ],
    ),
    "a bucket of another type": (
        contained(model_data=ModelData.from_bucket(7, "key")),  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.model_data is 7; allowed: a bucket (IBucket)",
                "Give the bucket construct itself.",
            )
        ],
    ),
    "a repository of another type": (
        contained(image=ContainerImage.from_ecr_repository("fraud", "7")),  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.image is 'fraud'; allowed: a repository (IRepository)",
                "Give the repository construct.",
            )
        ],
    ),
    "an image asset of another type": (
        contained(image=ContainerImage.from_asset(7)),  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.image is 7; allowed: a folder with a Dockerfile, or a DockerImageAsset",
                "Give the folder.",
            )
        ],
    ),
    "a folder without a Dockerfile": (
        contained(image=ContainerImage.from_asset(FOLDER, file="Dockerfile.gpu")),
        [
            (
                "argument-type-wrong",
                f"container.image is '{FOLDER}/Dockerfile.gpu'; allowed: the path of a Dockerfile",
                "Correct the folder, or say which file it is with file=.",
            )
        ],
    ),
    "credentials of another type": (
        contained(image=ContainerImage.from_private_registry("r/i", credentials=7)),  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.image is 7; allowed: a function (IFunction) or its ARN",
                "Give the function itself.",
            )
        ],
    ),
    "a file that is no archive": (
        contained(model_data=ModelData.from_asset(f"{FOLDER}/server")),
        [
            (
                "model-asset-not-archive",
                (
                    f"container.model_data is '{FOLDER}/server'; allowed: the path of a folder "
                    "with files, or of an archive whose name ends with .tar.gz"
                ),
                "Give the folder of the artifacts.",
            )
        ],
    ),
    "an archive that is not there": (
        contained(model_data=ModelData.from_asset("no/model.tar.gz")),
        [
            (
                "model-asset-not-archive",
                (
                    "container.model_data is 'no/model.tar.gz'; allowed: the path of a folder with "
                    "files, or of an archive whose name ends with .tar.gz"
                ),
                "Give the folder of the artifacts.",
            )
        ],
    ),
    "a data asset of another type": (
        contained(model_data=ModelData.from_asset(7)),  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.model_data is 7; allowed: the path of a folder or archive, or an Asset",
                "Give the path.",
            )
        ],
    ),
    "a role of another type": (
        lambda _: {"container": CONTAINER, "execution_role": 7},
        [
            (
                "argument-type-wrong",
                "execution_role is 7; allowed: a role (IRole) or its ARN",
                "Give the role construct itself.",
            )
        ],
    ),
    "a mode that there is not": (
        lambda _: {"containers": [CONTAINER, CONTAINER], "execution_mode": "Parallel"},
        [
            (
                "value-not-allowed",
                "execution_mode is 'Parallel'; allowed: one of Serial, Direct",
                "Take one of these values.",
            )
        ],
    ),
    "a name that is too long": (
        lambda _: {"container": CONTAINER, "model_name": "n" * 64},
        [
            (
                "value-length-wrong",
                f"model_name is '{'n' * 64}'; allowed: 1 to 63 characters",
                "It has 64; shorten it.",
            )
        ],
    ),
    "a tag that AWS keeps for itself": (
        lambda _: {"container": CONTAINER, "tags": {"aws:team": "fraud"}},
        [
            (
                "tag-key-reserved",
                (
                    "tags['aws:team'] is 'aws:team'; allowed: a key that does not begin with "
                    "'aws:' in any spelling"
                ),
                "Rename the tag; AWS keeps that prefix for itself.",
            )
        ],
    ),
    "six security groups": (
        lambda stack: {
            "container": CONTAINER,
            "vpc": VpcPlacement(
                vpc=(network := network_of(stack)).vpc,
                security_groups=[*network.security_groups] * 6,
            ),
        },
        [
            (
                "list-length-wrong",
                "vpc.security_groups: 6 items; allowed: 1 to 5 items",
                "Take some out.",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_where_it_was_written(case: str) -> None:
    options, expected = REFUSED[case]
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


def test_a_whole_finding() -> None:
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
            allowed="ECR, for the model is in no VPC",
            message="container.image: a private registry; allowed: ECR, for the model is in no VPC",
            fix="Give the model a VPC that leads to the registry, or take the image from ECR.",
            source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/"
            "your-algorithms-containers-inference-private.html",
            resource="Stack/Model",
            file=__file__,
            line=before + 2,
        )
    )


def test_the_id_of_what_was_refused_stays_free() -> None:
    stack = new_stack()
    with pytest.raises(EndpointConfigError):
        one(stack, image="a b", model_data=ModelData.from_asset(ARCHIVE))
    one(stack)
    assert "Model0301700E" in template_of(stack)["Resources"]


def test_warnings_are_told_at_synth() -> None:
    stack = new_stack()
    model = Model(stack, "Model", container=Container(environment={"A": "b"}))
    (warning,) = model.findings_at_synth()
    assert (warning.rule_id, warning.severity) == (
        "model-container-image-missing",
        Severity.WARNING,
    )
    with pytest.raises(EndpointConfigError):
        Model(stack, "Strict", container=Container(), profile=Profile.STRICT)


def test_acknowledged_is_kept_with_its_reason() -> None:
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


def test_rules_of_ones_own_are_about_models_too() -> None:
    from cdk_epc import ModelSpec

    rule = Rule(
        id="company-isolation",
        title="Models are isolated",
        why="A policy of ours.",
        about=(ModelSpec,),
        check=lambda spec: (
            [
                Violation(
                    path=("enable_network_isolation",),
                    got=None,
                    allowed="True",
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
        "network_isolation is missing; allowed: True"
    ]
    Model(new_stack(), "Model", container=CONTAINER, network_isolation=True, rules=[rule])

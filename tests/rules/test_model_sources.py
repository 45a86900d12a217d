"""Rules on the sources of a model's images and model data: a model and all of its findings."""

from __future__ import annotations

from typing import Any

import pytest
from kit.subjects import model

from cdk_epc.rules import check
from cdk_epc.spec import (
    ContainerDefinition,
    ImageConfig,
    ModelDataSource,
    ModelSpec,
    S3DataSource,
)
from cdk_epc.spec.unresolved import Unresolved

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"
NETWORK = {"Subnets": ["subnet-1", "subnet-1b"], "SecurityGroupIds": ["sg-1"]}
MARKETPLACE = "arn:aws:sagemaker:eu-west-1:985815980388:model-package/seller-model"
LOGIN = {"RepositoryCredentialsProviderArn": "arn:aws:lambda:eu-west-1:111122223333:function:login"}
CREDENTIALS = {"RepositoryAuthConfig": LOGIN}
Row = tuple[str, Any, str, str]


def container(mode: object, *, auth: bool = False) -> dict[str, Any]:
    config = {"RepositoryAccessMode": mode}
    return {"Image": "r/i:1", "ImageConfig": {**config, **CREDENTIALS} if auth else config}


def data(uri: str, kind: str = "S3Prefix", packed: str = "None") -> dict[str, Any]:
    source = {"S3Uri": uri, "S3DataType": kind, "CompressionType": packed}
    return {"Image": IMAGE, "ModelDataSource": {"S3DataSource": source}}


CASES: dict[str, tuple[dict[str, Any], list[Row]]] = {
    "a private registry without a VPC": (
        {"PrimaryContainer": container("Vpc", auth=True)},
        [
            (
                "model-private-registry-without-vpc",
                "a private registry",
                (
                    "the image is in a private registry, but the model has no VpcConfig through "
                    "which SageMaker can pull it"
                ),
                (
                    "Set VpcConfig to a VPC with access to the registry, or use an image in "
                    "Amazon ECR."
                ),
            )
        ],
    ),
    "a private registry of the second container": (
        {"Containers": [{"Image": IMAGE}, container("Vpc")]},
        [
            (
                "model-private-registry-without-vpc",
                "a private registry",
                (
                    "the image is in a private registry, but the model has no VpcConfig through "
                    "which SageMaker can pull it"
                ),
                (
                    "Set VpcConfig to a VPC with access to the registry, or use an image in "
                    "Amazon ECR."
                ),
            )
        ],
    ),
    "a private registry in a VPC": (
        {"PrimaryContainer": container("Vpc", auth=True), "VpcConfig": NETWORK},
        [],
    ),
    "an image in ECR": ({"PrimaryContainer": {**container("Platform"), "Image": IMAGE}}, []),
    "an image in ECR with credentials": (
        {"PrimaryContainer": {**container("Platform", auth=True), "Image": IMAGE}},
        [
            (
                "model-credentials-without-private-registry",
                "credentials",
                (
                    "PrimaryContainer.ImageConfig.RepositoryAuthConfig is not allowed because "
                    "RepositoryAccessMode is Platform"
                ),
                "Remove RepositoryAuthConfig, or set RepositoryAccessMode to Vpc.",
            )
        ],
    ),
    "a prefix without a slash": (
        {"PrimaryContainer": data("s3://b/models")},
        [
            (
                "model-data-prefix-without-slash",
                "s3://b/models",
                (
                    "PrimaryContainer.ModelDataSource.S3DataSource.S3Uri is 's3://b/models'; "
                    "must end with a slash because it is an S3 prefix"
                ),
                "Add a slash, or set S3DataType to S3Object for a single object.",
            )
        ],
    ),
    "a prefix with a token for the bucket": (
        {"PrimaryContainer": data("s3://${Token[TOKEN.7]}/models")},
        [
            (
                "model-data-prefix-without-slash",
                "…/models",
                (
                    "PrimaryContainer.ModelDataSource.S3DataSource.S3Uri is …/models; must end "
                    "with a slash because it is an S3 prefix"
                ),
                "Add a slash, or set S3DataType to S3Object for a single object.",
            )
        ],
    ),
    "a prefix with a slash": ({"PrimaryContainer": data("s3://b/models/")}, []),
    "a prefix with several tokens": (
        {"PrimaryContainer": data("s3://${Token[TOKEN.7]}/${Token[TOKEN.8]}/models")},
        [
            (
                "model-data-prefix-without-slash",
                "…/models",
                (
                    "PrimaryContainer.ModelDataSource.S3DataSource.S3Uri is …/models; must end "
                    "with a slash because it is an S3 prefix"
                ),
                "Add a slash, or set S3DataType to S3Object for a single object.",
            )
        ],
    ),
    "a prefix that ends with a token": ({"PrimaryContainer": data("s3://b/${Token[TOKEN.7]}")}, []),
    "an object": ({"PrimaryContainer": data("s3://b/m.tar.gz", "S3Object", "Gzip")}, []),
    "a package of AWS Marketplace without isolation": (
        {"PrimaryContainer": {"ModelPackageName": MARKETPLACE}},
        [
            (
                "model-marketplace-without-isolation",
                None,
                (
                    "EnableNetworkIsolation is missing; must be true because the model package is "
                    "from AWS Marketplace"
                ),
                "Set EnableNetworkIsolation to true.",
            )
        ],
    ),
    "a package of AWS Marketplace with isolation off": (
        {"PrimaryContainer": {"ModelPackageName": MARKETPLACE}, "EnableNetworkIsolation": False},
        [
            (
                "model-marketplace-without-isolation",
                False,
                (
                    "EnableNetworkIsolation is false; must be true because the model package is "
                    "from AWS Marketplace"
                ),
                "Set EnableNetworkIsolation to true.",
            )
        ],
    ),
    "a package of AWS Marketplace with isolation": (
        {"PrimaryContainer": {"ModelPackageName": MARKETPLACE}, "EnableNetworkIsolation": True},
        [],
    ),
    "another package": ({"PrimaryContainer": {"ModelPackageName": "scorer"}}, []),
    "a container without an image": (
        {"Containers": [{"Image": IMAGE}, {"Environment": {"A": "b"}}]},
        [
            (
                "model-container-image-missing",
                None,
                "Containers[1].Image is required because the container has no model package",
                "Set Image, or ModelPackageName.",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_findings_about_the_sources_of_a_model(case: str) -> None:
    given, expected = CASES[case]
    found = [(each.rule_id, each.got, each.message, each.fix) for each in check(model(given))]
    assert found == expected


def test_a_container_does_not_hide_the_next_one() -> None:
    chainer = "520713654638.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-chainer:5.0.0-cpu-py3"
    for second, members, path, rule in (
        (
            data("s3://b/models"),
            {},
            "Containers[1].ModelDataSource.S3DataSource.S3Uri",
            "model-data-prefix-without-slash",
        ),
        (
            {"Image": chainer},
            {"EnableNetworkIsolation": True},
            "EnableNetworkIsolation",
            "model-image-with-isolation",
        ),
        (
            {"ModelPackageName": MARKETPLACE},
            {},
            "EnableNetworkIsolation",
            "model-marketplace-without-isolation",
        ),
    ):
        for first in ({"Image": IMAGE}, data("s3://b/m.tar.gz", "S3Object", "Gzip")):
            found = check(model({"Containers": [first, second], **members}))
            assert [(each.rule_id, each.path) for each in found] == [(rule, path)]


UNRESOLVED = Unresolved({"Fn::ImportValue": "x"})


@pytest.mark.parametrize(
    "spec",
    [
        ModelSpec(primary_container=ContainerDefinition(image=UNRESOLVED)),  # type: ignore[arg-type]
        ModelSpec(
            primary_container=ContainerDefinition(image=IMAGE, image_config=UNRESOLVED)  # type: ignore[arg-type]
        ),
        ModelSpec(
            primary_container=ContainerDefinition(
                image="r/i:1", image_config=ImageConfig(repository_access_mode="Vpc")
            ),
            vpc_config=UNRESOLVED,  # type: ignore[arg-type]
        ),
        ModelSpec(
            primary_container=ContainerDefinition(
                image=IMAGE,
                model_data_source=ModelDataSource(
                    s3_data_source=S3DataSource(
                        s3_uri=UNRESOLVED,  # type: ignore[arg-type]
                        s3_data_type="S3Prefix",
                        compression_type="None",
                    )
                ),
            ),
        ),
        ModelSpec(
            primary_container=ContainerDefinition(
                image=IMAGE,
                image_config=ImageConfig(
                    repository_access_mode="Platform",
                    repository_auth_config=UNRESOLVED,  # type: ignore[arg-type]
                ),
            ),
        ),
        ModelSpec(
            primary_container=ContainerDefinition(model_package_name=MARKETPLACE),
            enable_network_isolation=UNRESOLVED,  # type: ignore[arg-type]
        ),
    ],
)
def test_unresolved_values_have_no_finding(spec: ModelSpec) -> None:
    assert check(spec) == []

"""Where images and artifacts come from: a model, and everything that is found about it."""

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
Row = tuple[str, Any, str, str]


def private(mode: object, auth: object = None) -> dict[str, Any]:
    config = {"RepositoryAccessMode": mode}
    return {"Image": "r/i:1", "ImageConfig": config if auth is None else {**config, **LOGIN_OF}}


LOGIN_OF = {"RepositoryAuthConfig": LOGIN}


def data(uri: str, kind: str = "S3Prefix", packed: str = "None") -> dict[str, Any]:
    source = {"S3Uri": uri, "S3DataType": kind, "CompressionType": packed}
    return {"Image": IMAGE, "ModelDataSource": {"S3DataSource": source}}


CASES: dict[str, tuple[dict[str, Any], list[Row]]] = {
    "a private registry without a VPC": (
        {"PrimaryContainer": private("Vpc", auth=True)},
        [
            (
                "model-private-registry-without-vpc",
                "a private registry",
                (
                    "PrimaryContainer.ImageConfig: a private registry; "
                    "allowed: ECR, for the model is in no VPC"
                ),
                ("Give the model a VPC that leads to the registry, or take the image from ECR."),
            )
        ],
    ),
    "the second container's registry": (
        {"Containers": [{"Image": IMAGE}, private("Vpc")]},
        [
            (
                "model-private-registry-without-vpc",
                "a private registry",
                (
                    "Containers[1].ImageConfig: a private registry; "
                    "allowed: ECR, for the model is in no VPC"
                ),
                ("Give the model a VPC that leads to the registry, or take the image from ECR."),
            )
        ],
    ),
    "a private registry in a VPC": (
        {"PrimaryContainer": private("Vpc", auth=True), "VpcConfig": NETWORK},
        [],
    ),
    "ECR by its mode": ({"PrimaryContainer": private("Platform")}, []),
    "ECR with credentials": (
        {"PrimaryContainer": private("Platform", auth=True)},
        [
            (
                "model-credentials-without-private-registry",
                "credentials",
                (
                    "PrimaryContainer.ImageConfig.RepositoryAuthConfig: credentials; "
                    "allowed: nothing, for the image is in ECR, which the role has access to"
                ),
                "Take the credentials out, or set the access mode to Vpc.",
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
                    "allowed: a prefix that ends with a slash"
                ),
                "Put a slash at its end; the URI of a single object is one of S3Object.",
            )
        ],
    ),
    "a prefix whose bucket is a token": (
        {"PrimaryContainer": data("s3://${Token[TOKEN.7]}/models")},
        [
            (
                "model-data-prefix-without-slash",
                "… /models",
                (
                    "PrimaryContainer.ModelDataSource.S3DataSource.S3Uri: … /models; "
                    "allowed: a prefix that ends with a slash"
                ),
                "Put a slash at its end; the URI of a single object is one of S3Object.",
            )
        ],
    ),
    "a prefix with a slash": ({"PrimaryContainer": data("s3://b/models/")}, []),
    "a prefix that ends with a token": ({"PrimaryContainer": data("s3://b/${Token[TOKEN.7]}")}, []),
    "an object": ({"PrimaryContainer": data("s3://b/m.tar.gz", "S3Object", "Gzip")}, []),
    "a package of AWS Marketplace in the open": (
        {"PrimaryContainer": {"ModelPackageName": MARKETPLACE}},
        [
            (
                "model-marketplace-without-isolation",
                None,
                (
                    "EnableNetworkIsolation is missing; "
                    "allowed: True, for a model package is from AWS Marketplace"
                ),
                "Turn network isolation on.",
            )
        ],
    ),
    "a package of AWS Marketplace, isolation off": (
        {"PrimaryContainer": {"ModelPackageName": MARKETPLACE}, "EnableNetworkIsolation": False},
        [
            (
                "model-marketplace-without-isolation",
                False,
                (
                    "EnableNetworkIsolation is False; "
                    "allowed: True, for a model package is from AWS Marketplace"
                ),
                "Turn network isolation on.",
            )
        ],
    ),
    "a package of AWS Marketplace, isolated": (
        {"PrimaryContainer": {"ModelPackageName": MARKETPLACE}, "EnableNetworkIsolation": True},
        [],
    ),
    "a package of one's own": ({"PrimaryContainer": {"ModelPackageName": "scorer"}}, []),
    "nothing to run": (
        {"Containers": [{"Image": IMAGE}, {"Environment": {"A": "b"}}]},
        [
            (
                "model-container-image-missing",
                None,
                (
                    "Containers[1].Image is missing; "
                    "allowed: an image, or a model package in its place"
                ),
                "Give the container an image.",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_sources_of_a_model(case: str) -> None:
    given, expected = CASES[case]
    found = [(each.rule_id, each.got, each.message, each.fix) for each in check(model(given))]
    assert found == expected


UNKNOWN = Unresolved({"Fn::ImportValue": "x"})


@pytest.mark.parametrize(
    "spec",
    [
        ModelSpec(primary_container=ContainerDefinition(image=UNKNOWN)),  # type: ignore[arg-type]
        ModelSpec(
            primary_container=ContainerDefinition(image=IMAGE, image_config=UNKNOWN)  # type: ignore[arg-type]
        ),
        ModelSpec(
            primary_container=ContainerDefinition(
                image="r/i:1", image_config=ImageConfig(repository_access_mode="Vpc")
            ),
            vpc_config=UNKNOWN,  # type: ignore[arg-type]
        ),
        ModelSpec(
            primary_container=ContainerDefinition(
                image=IMAGE,
                model_data_source=ModelDataSource(
                    s3_data_source=S3DataSource(
                        s3_uri=UNKNOWN,  # type: ignore[arg-type]
                        s3_data_type="S3Prefix",
                        compression_type="None",
                    )
                ),
            ),
        ),
        ModelSpec(
            primary_container=ContainerDefinition(model_package_name=MARKETPLACE),
            enable_network_isolation=UNKNOWN,  # type: ignore[arg-type]
        ),
    ],
)
def test_what_is_not_known_is_not_judged(spec: ModelSpec) -> None:
    assert check(spec) == []

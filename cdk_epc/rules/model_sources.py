"""Rules of models: where their images and artifacts come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules._model_features import is_marketplace
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    ImageConfig,
    ModelDataSource,
    ModelSpec,
    Path,
    RepositoryAccessMode,
    S3DataSource,
    S3ModelDataType,
)
from cdk_epc.spec.unresolved import is_resolved

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"


def _image_configs(spec: ModelSpec) -> Iterator[tuple[Path, ImageConfig]]:
    for path, container in spec.every_container():
        if isinstance(container.image_config, ImageConfig):
            yield (*path, "image_config"), container.image_config


@rule(
    id="model-private-registry-without-vpc",
    title="A model whose image is in a private registry is in a VPC",
    why="SageMaker fetches the image through the model's VPC.",
    fix="Give the model the VPC that the registry is reached from.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}your-algorithms-containers-inference-private.html",
    about=(ModelSpec,),
)
def model_private_registry_without_vpc(spec: ModelSpec) -> Iterator[Violation]:
    if spec.vpc_config is not None:
        return
    for path, config in _image_configs(spec):
        if config.repository_access_mode == RepositoryAccessMode.VPC:
            yield Violation(
                path=path,
                got=Words("a private registry"),
                must="be ECR because the model is in no VPC",
                fix="Give the model a VPC that leads to the registry, or take the image from ECR.",
            )


@rule(
    id="model-credentials-without-private-registry",
    title="Only an image in a private registry has credentials",
    why="The API's reference asks for them only where the access mode is Vpc.",
    fix="Take the credentials out, or set the access mode to Vpc.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_API}API_ImageConfig.html",
    about=(ModelSpec,),
)
def model_credentials_without_private_registry(spec: ModelSpec) -> Iterator[Violation]:
    for path, config in _image_configs(spec):
        is_platform = config.repository_access_mode == RepositoryAccessMode.PLATFORM
        if is_platform and is_resolved(config.repository_auth_config):
            yield Violation(
                path=(*path, "repository_auth_config"),
                got=Words("credentials"),
                not_allowed="because the image is in ECR, which the role has access to",
                fix="Take the credentials out, or set the access mode to Vpc.",
            )


@rule(
    id="model-data-prefix-without-slash",
    title="The prefix of a model's data ends with a slash",
    why="A valid prefix always ends with one, says the API's reference.",
    fix="Put a slash at its end.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_API}API_S3ModelDataSource.html",
    about=(ModelSpec,),
)
def model_data_prefix_without_slash(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        data = container.model_data_source
        source = data.s3_data_source if isinstance(data, ModelDataSource) else None
        if not isinstance(source, S3DataSource) or source.s3_data_type != S3ModelDataType.S3_PREFIX:
            continue
        uri = source.s3_uri
        # The end is known even where a token, which ends with a brace, stands for the bucket.
        if isinstance(uri, str) and uri and not uri.endswith(("/", "}")):
            yield Violation(
                path=(*path, "model_data_source", "s3_data_source", "s3_uri"),
                got=uri if is_resolved(uri) else Words(f"… {uri.rpartition('}')[2]}"),
                must="be a prefix that ends with a slash",
                fix="Put a slash at its end; the URI of a single object is one of S3Object.",
            )


@rule(
    id="model-marketplace-without-isolation",
    title="A model of AWS Marketplace is cut off from the network",
    why="Network isolation is required for what comes from AWS Marketplace; the service "
    "answers: EnableNetworkIsolation must be true.",
    fix="Turn network isolation on.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}mkt-algo-model-internet-free.html",
    about=(ModelSpec,),
)
def model_marketplace_without_isolation(spec: ModelSpec) -> Iterator[Violation]:
    if spec.enable_network_isolation not in (None, False):
        return
    if any(is_marketplace(container) for _, container in spec.every_container()):
        yield Violation(
            path=("enable_network_isolation",),
            got=spec.enable_network_isolation,
            must="be True because a model package is from AWS Marketplace",
            fix="Turn network isolation on.",
        )


@rule(
    id="model-container-image-missing",
    title="A container has an image or a model package",
    why="Without either there is nothing to run. CloudFormation's schema requires neither.",
    fix="Give the container an image.",
    evidence=Evidence.INFERRED,
    source_url=f"{_API}API_ContainerDefinition.html",
    about=(ModelSpec,),
    severity=Severity.WARNING,
)
def model_container_image_missing(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        if container.image is None and container.model_package_name is None:
            yield Violation(
                path=(*path, "image"),
                got=None,
                must="be an image, or a model package in its place",
                fix="Give the container an image.",
            )


RULES: Final = (
    model_private_registry_without_vpc,
    model_credentials_without_private_registry,
    model_data_prefix_without_slash,
    model_marketplace_without_isolation,
    model_container_image_missing,
)

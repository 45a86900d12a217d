"""Rules on the sources of a model's images and model data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules._container_environments import containers_of
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
    title="A model with an image in a private registry must have a VPC",
    why="SageMaker pulls the image through the model's VPC.",
    fix="Set VpcConfig to a VPC with access to the registry, or use an image in Amazon ECR.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}your-algorithms-containers-inference-private.html",
    about=(ModelSpec,),
    requires=("image_config",),
)
def model_private_registry_without_vpc(spec: ModelSpec) -> Iterator[Violation]:
    if spec.vpc_config is not None:
        return
    for path, config in _image_configs(spec):
        if config.repository_access_mode == RepositoryAccessMode.VPC:
            yield Violation(
                path=path,
                got=Words("a private registry"),
                sentence="the image is in a private registry, but the model has no `vpc_config` "
                "through which SageMaker can pull it",
                fix="Set `vpc_config` to a VPC with access to the registry, or use an image in "
                "Amazon ECR.",
            )


@rule(
    id="model-credentials-without-private-registry",
    title="An image in Amazon ECR must not have registry credentials",
    why="The API accepts credentials only if RepositoryAccessMode is Vpc. For Amazon ECR, the "
    "execution role is used.",
    fix="Remove RepositoryAuthConfig, or set RepositoryAccessMode to Vpc.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_API}API_ImageConfig.html",
    about=(ModelSpec,),
    requires=("image_config",),
)
def model_credentials_without_private_registry(spec: ModelSpec) -> Iterator[Violation]:
    for path, config in _image_configs(spec):
        is_platform = config.repository_access_mode == RepositoryAccessMode.PLATFORM
        if is_platform and is_resolved(config.repository_auth_config):
            yield Violation(
                path=(*path, "repository_auth_config"),
                got=Words("credentials"),
                not_allowed="because `repository_access_mode` is Platform",
                fix="Remove `repository_auth_config`, or set `repository_access_mode` to Vpc.",
            )


@rule(
    id="model-data-prefix-without-slash",
    title="The S3 prefix of model data must end with a slash",
    why="The API reference says that a valid prefix always ends with a slash.",
    fix="Add a slash at the end of the prefix.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_API}API_S3ModelDataSource.html",
    about=(ModelSpec,),
    requires=("s3_data_source",),
)
def model_data_prefix_without_slash(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        data = container.model_data_source
        source = data.s3_data_source if isinstance(data, ModelDataSource) else None
        if not isinstance(source, S3DataSource) or source.s3_data_type != S3ModelDataType.S3_PREFIX:
            continue
        uri = source.s3_uri
        # A token for the bucket ends with a brace, so the text after it is known.
        if isinstance(uri, str) and uri and not uri.endswith(("/", "}")):
            yield Violation(
                path=(*path, "model_data_source", "s3_data_source", "s3_uri"),
                got=uri if is_resolved(uri) else Words(f"…{uri.rpartition('}')[2]}"),
                must="end with a slash because it is an S3 prefix",
                fix="Add a slash, or set `s3_data_type` to S3Object for a single object.",
                python_fix="Add a slash, or use ModelData.from_s3() for a single archive.",
            )


@rule(
    id="model-marketplace-without-isolation",
    title="A model from AWS Marketplace must have network isolation",
    why="The deployment fails with: EnableNetworkIsolation must be true.",
    fix="Set EnableNetworkIsolation to true.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}mkt-algo-model-internet-free.html",
    about=(ModelSpec,),
    requires=("model_package_name",),
)
def model_marketplace_without_isolation(spec: ModelSpec) -> Iterator[Violation]:
    if spec.enable_network_isolation not in (None, False):
        return
    if any(is_marketplace(container) for _, container in spec.every_container()):
        yield Violation(
            path=("enable_network_isolation",),
            got=spec.enable_network_isolation,
            must="be true because the model package is from AWS Marketplace",
            fix="Set `enable_network_isolation` to true.",
            python_fix="Pass network_isolation=True.",
        )


@rule(
    id="model-container-image-missing",
    title="A container should have an image or a model package",
    why="A container without either has nothing to run. CloudFormation's schema requires neither.",
    fix="Set Image, or ModelPackageName.",
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
                required="because the container has no model package",
                fix="Set `image`, or `model_package_name`.",
                python_fix="Pass image or model_package to the Container.",
            )


_NEEDS_S3: Final = "sagemaker-chainer"
_NEEDS_S3_PREFIX: Final = "sagemaker-rl-"


@rule(
    id="model-image-with-isolation",
    title="Images of Chainer and reinforcement learning should not have network isolation",
    why="These containers access Amazon S3 themselves, so that the developer guide excludes them "
    "from network isolation.",
    fix="Turn off network isolation, or use another image.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}mkt-algo-model-internet-free.html",
    about=(ModelSpec,),
    requires=("enable_network_isolation",),
    severity=Severity.WARNING,
)
def model_image_with_isolation(spec: ModelSpec) -> Iterator[Violation]:
    if spec.enable_network_isolation is not True:
        return
    for container in containers_of(spec):
        reference = container.reference
        repository = reference.repository if reference and reference.is_published else None
        if repository and (repository == _NEEDS_S3 or repository.startswith(_NEEDS_S3_PREFIX)):
            yield Violation(
                path=("enable_network_isolation",),
                got=True,
                not_allowed=f"with an image of {repository}, which accesses Amazon S3",
                fix="Turn off network isolation, or use another image.",
            )


RULES: Final = (
    model_private_registry_without_vpc,
    model_credentials_without_private_registry,
    model_data_prefix_without_slash,
    model_marketplace_without_isolation,
    model_container_image_missing,
    model_image_with_isolation,
)

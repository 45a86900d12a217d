"""Models of a configuration, as far as they are known, and features that some endpoints exclude."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from cdk_epc._records import Record
from cdk_epc.spec import (
    ContainerDefinition,
    ContainerMode,
    ImageConfig,
    InferenceExecutionMode,
    InstancePool,
    ModelDataSource,
    ModelSpec,
    Path,
    ProductionVariant,
    RepositoryAccessMode,
    VpcConfig,
)
from cdk_epc.spec.context import ConfigContext, ReferencedModel
from cdk_epc.spec.kept import kept
from cdk_epc.spec.unresolved import is_resolved, is_string, items_of

_ACCOUNT: Final = 4  # index in arn:aws:sagemaker:region:account:model-package/name
# AWS Marketplace publishes packages from one account in each region, as the listings of several
# sellers show.
_ACCOUNTS: Final = frozenset(
    {
        "057799348421",  # us-east-2
        "077584701553",  # ap-south-1
        "136758871317",  # eu-north-1
        "192199979996",  # ap-southeast-1
        "270155090741",  # sa-east-1
        "382657785993",  # us-west-1
        "446921602837",  # eu-central-1
        "470592106596",  # ca-central-1
        "594846645681",  # us-west-2
        "666831318237",  # ap-southeast-2
        "745090734665",  # ap-northeast-2
        "843114510376",  # eu-west-3
        "856760150666",  # eu-west-2
        "865070037744",  # us-east-1
        "977537786026",  # ap-northeast-1
        "985815980388",  # eu-west-1
    }
)


def is_marketplace(container: ContainerDefinition) -> bool:
    """Return whether the container is known to run a package from AWS Marketplace."""
    package = container.model_package_name
    if not isinstance(package, str) or not is_resolved(package):
        return False
    parts = package.split(":")
    return len(parts) > _ACCOUNT and parts[_ACCOUNT] in _ACCOUNTS


MULTI_MODEL: Final = "a multi-model container"
SEVERAL_CONTAINERS: Final = "several containers"
PIPELINE: Final = "an inference pipeline"
MARKETPLACE: Final = "a package from AWS Marketplace"
PRIVATE_REGISTRY: Final = "an image in a private registry"
DATA_SOURCE: Final = "a ModelDataSource"
VPC: Final = "a VPC"


@attrs.frozen(eq=False, repr=False)
class HostedModel(Record):
    """Model of a variant or of one of its instance pools.

    Attributes:
        path: Path of the model's name.
        variant: The variant.
        model: The model.
        referenced: The model as the configuration refers to it.
        types: Instance types on which it runs, each with its path.
    """

    path: Path
    variant: ProductionVariant
    model: ModelSpec
    referenced: ReferencedModel
    types: tuple[tuple[Path, str], ...]

    @property
    def logical_id(self) -> str:
        """Logical id of the model."""
        return self.referenced.logical_id


@kept
def models_of(subject: ConfigContext) -> tuple[HostedModel, ...]:
    """Return every known model of the variants."""
    return tuple(_models_of(subject))


def _models_of(subject: ConfigContext) -> Iterator[HostedModel]:
    for path, variant in subject.config.variants():
        types = _known((*path, "instance_type"), variant.instance_type)
        for index, pool in enumerate(items_of(variant.instance_pools)):
            if not isinstance(pool, InstancePool):
                continue
            place = (*path, "instance_pools", index)
            pool_types = _known((*place, "instance_type"), pool.instance_type)
            if pool.model_name_override is None:
                types += pool_types
            else:
                yield from _hosted(subject, (*place, "model_name_override"), variant, pool_types)
        yield from _hosted(subject, (*path, "model_name"), variant, types)


def _hosted(
    subject: ConfigContext, path: Path, variant: ProductionVariant, types: list[tuple[Path, str]]
) -> Iterator[HostedModel]:
    if found := subject.models.get(path):
        yield HostedModel(path, variant, found.model, found, tuple(types))


def _known(path: Path, name: object) -> list[tuple[Path, str]]:
    return [(path, name)] if is_string(name) else []


def features_of(model: ModelSpec) -> set[str]:
    """Return the features above that the model is known to have."""
    features: set[str] = set()
    for _, container in model.every_container():
        features.update(_container_features(container))
    if sum(1 for _ in model.listed_containers()) > 1:
        features.add(SEVERAL_CONTAINERS)
        if model.execution_mode() == InferenceExecutionMode.SERIAL:
            features.add(PIPELINE)
    if isinstance(model.vpc_config, VpcConfig):
        features.add(VPC)
    return features


def _container_features(container: ContainerDefinition) -> Iterator[str]:
    if container.mode == ContainerMode.MULTI_MODEL:
        yield MULTI_MODEL
    if is_marketplace(container):
        yield MARKETPLACE
    image = container.image_config
    if isinstance(image, ImageConfig) and image.repository_access_mode == RepositoryAccessMode.VPC:
        yield PRIVATE_REGISTRY
    if isinstance(container.model_data_source, ModelDataSource):
        yield DATA_SOURCE

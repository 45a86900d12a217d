"""Rules of models: their containers, their artifacts and their environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules._model_features import is_marketplace
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    ContainerDefinition,
    ContainerMode,
    EndpointConfigSpec,
    InferenceExecutionMode,
    ModelDataSource,
    ModelSpec,
    Path,
    VpcConfig,
)
from cdk_epc.spec.containers import ENVIRONMENT_LENGTH
from cdk_epc.spec.unresolved import is_mapping, is_resolved, is_set, is_string, items_of

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html"
_CONTAINER: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html"
)
_MULTI_MODEL: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-endpoints.html"
_ENVIRONMENT_BYTES: Final = 32 * 1024


@rule(
    id="model-containers-ambiguous",
    title="A model has either a primary container or a list of containers",
    why="SageMaker expects one of the two; CloudFormation's schema requires neither.",
    fix="Give PrimaryContainer alone, or put every container into Containers.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    about=(ModelSpec,),
    facts=("MDL.CONTAINERS_XOR",),
)
def model_containers_ambiguous(spec: ModelSpec) -> Iterator[Violation]:
    if spec.primary_container is None and spec.containers in (None, (), []):
        yield Violation(
            path=("primary_container",),
            got=None,
            must="be a container, here or in Containers",
            fix="Give PrimaryContainer, or Containers where there are several.",
        )
    elif isinstance(spec.primary_container, ContainerDefinition) and any(spec.listed_containers()):
        yield Violation(
            path=("primary_container",),
            got=Words("a container beside those of Containers"),
            must="be either PrimaryContainer or Containers",
            fix="Put every container into Containers, in the order in which they run.",
        )


@rule(
    id="model-container-hostnames-missing",
    title="The containers of a model have names where they need them",
    why="Containers that are called directly are found by their name; in a pipeline SageMaker "
    "wants the names of all containers or of none.",
    fix="Give every container a ContainerHostname.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONTAINER,
    about=(ModelSpec,),
    facts=("MDL.DIRECT_HOSTNAME",),
)
def model_container_hostnames_missing(spec: ModelSpec) -> Iterator[Violation]:
    containers = list(spec.listed_containers())
    if spec.execution_mode() == InferenceExecutionMode.DIRECT:
        reason = "a name, for each container is called by its name"
    elif any(is_resolved(container.container_hostname) for _, container in containers):
        reason = "a name, for other containers of the model have one"
    else:
        return
    for path, container in containers:
        if container.container_hostname is None:
            yield Violation(
                path=(*path, "container_hostname"),
                got=None,
                must=f"be {reason}",
                fix="Give every container a ContainerHostname.",
            )


@rule(
    id="model-several-multi-model-containers",
    title="A pipeline has at most one multi-model container",
    why="The service answers: More than one container in MultiModel mode is not supported "
    "with inference pipeline.",
    fix="Keep one multi-model container, or give the models endpoints of their own.",
    evidence=Evidence.REAL_ERROR,
    source_url=_MULTI_MODEL,
    about=(ModelSpec,),
    facts=("MDL.PIPELINE_ONE_MME",),
)
def model_several_multi_model_containers(spec: ModelSpec) -> Iterator[Violation]:
    if spec.execution_mode() != InferenceExecutionMode.SERIAL:
        return
    many = [
        path for path, each in spec.listed_containers() if each.mode == ContainerMode.MULTI_MODEL
    ]
    for path in many[1:]:
        yield Violation(
            path=(*path, "mode"),
            got=str(ContainerMode.MULTI_MODEL),
            must="be SingleModel because another container of the pipeline is a multi-model one",
            fix="Keep one multi-model container in the pipeline.",
        )


@rule(
    id="model-data-source-not-supported",
    title="A ModelDataSource is not for multi-model containers or Marketplace packages",
    why="The API's reference rules out both.",
    fix="Give ModelDataUrl with a prefix for many models, and nothing for a package.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONTAINER,
    about=(ModelSpec,),
    facts=("MDL.DATA_SOURCE",),
)
def model_data_source_not_supported(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        if not isinstance(container.model_data_source, ModelDataSource):
            continue
        if container.mode == ContainerMode.MULTI_MODEL:
            allowed = "nothing, for the container is a multi-model one"
            fix = "Give ModelDataUrl instead, with the prefix of all models."
        elif is_marketplace(container):
            allowed = "nothing, for the package is from AWS Marketplace"
            fix = "Take it out; the package has the data of its model."
        else:
            continue
        yield Violation(
            path=(*path, "model_data_source"),
            got=Words("a data source"),
            must=f"be {allowed}",
            fix=fix,
        )


@rule(
    id="model-environment-too-large",
    title="The environment of a model's containers is not too large",
    why="A key or a value may have 1024 bytes, and all keys and values of all containers "
    "together 32 KB. The schema of CloudFormation has no bounds.",
    fix="Shorten the values, or let the containers read what is long from S3.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONTAINER,
    about=(ModelSpec,),
    facts=("MDL.ENV_SIZE",),
)
def model_environment_too_large(spec: ModelSpec) -> Iterator[Violation]:
    total, first = 0, None
    for path, container in spec.every_container():
        place = (*path, "environment")
        for key, text in _texts(container.environment):
            size = len(text.encode("utf-8", "surrogatepass"))
            total, first = total + size, first or place
            # What has too many characters is a finding of the bounds already.
            if size > ENVIRONMENT_LENGTH >= len(text):
                yield _too_large((*place, key), size, ENVIRONMENT_LENGTH, "Shorten it")
    if first is not None and total > _ENVIRONMENT_BYTES:
        shorten = "Shorten the environments of the containers, which count together"
        yield _too_large(first, total, _ENVIRONMENT_BYTES, shorten)


def _texts(environment: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - it may be no map at all
    """The keys and the values that are known, each with its key."""
    for key, value in environment.items() if is_mapping(environment) else ():
        for text in (key, value):
            if is_string(text):
                yield key, text


def _too_large(path: Path, size: int, most: int, shorten: str) -> Violation:
    return Violation(
        path=path,
        got=Words(f"{size} bytes"),
        must=f"be at most {most} bytes",
        fix=f"{shorten}, or let the container read what is long from S3.",
    )


@rule(
    id="vpc-single-subnet",
    title="A network has subnets in two availability zones",
    why="The guide asks for two subnets in different zones, even for a single instance. With "
    "one of them there are no instances elsewhere when the zone, or its stock of the instance "
    "type, fails.",
    fix="Name subnets of two zones or more.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html",
    about=(EndpointConfigSpec, ModelSpec),
    severity=Severity.WARNING,
)
def vpc_single_subnet(spec: EndpointConfigSpec | ModelSpec) -> Iterator[Violation]:
    vpc = spec.vpc_config
    subnets = items_of(vpc.subnets) if isinstance(vpc, VpcConfig) else ()
    if len(subnets) == 1 and is_set(subnets[0]):
        yield Violation(
            path=("vpc_config", "subnets"),
            got=Words("one subnet"),
            must="be subnets in two availability zones or more",
            fix="Name a subnet of another zone as well.",
        )


RULES: Final = (
    model_containers_ambiguous,
    model_container_hostnames_missing,
    model_several_multi_model_containers,
    model_data_source_not_supported,
    model_environment_too_large,
    vpc_single_subnet,
)

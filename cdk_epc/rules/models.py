"""Rules on models: containers, model data, environments and subnets."""

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
    title="A model must have either a primary container or a list of containers",
    why="SageMaker refuses a model with both or neither; CloudFormation's schema accepts it.",
    fix="Set PrimaryContainer for one container, or Containers for several.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    about=(ModelSpec,),
    facts=("MDL.CONTAINERS_XOR",),
)
def model_containers_ambiguous(spec: ModelSpec) -> Iterator[Violation]:
    if spec.primary_container is None and spec.containers in (None, (), []):
        yield Violation(
            path=("primary_container",),
            required="because the model has no `containers`",
            fix="Set `primary_container`, or `containers` for several containers.",
        )
    elif isinstance(spec.primary_container, ContainerDefinition) and any(spec.listed_containers()):
        yield Violation(
            path=("primary_container",),
            got=Words("a container"),
            not_allowed="together with `containers`",
            fix="Move every container into `containers`, in the order in which they run.",
        )


@rule(
    id="model-container-hostnames-missing",
    title="Containers must have hostnames if the mode is Direct or other containers have one",
    why="In Direct mode, requests address a container by its hostname. In a pipeline, SageMaker "
    "accepts hostnames for all containers or for none.",
    fix="Set ContainerHostname of every container.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONTAINER,
    about=(ModelSpec,),
    requires=("containers",),
    facts=("MDL.DIRECT_HOSTNAME",),
)
def model_container_hostnames_missing(spec: ModelSpec) -> Iterator[Violation]:
    containers = list(spec.listed_containers())
    if spec.execution_mode() == InferenceExecutionMode.DIRECT:
        required = "because requests address each container by its hostname in Direct mode"
    elif any(is_resolved(container.container_hostname) for _, container in containers):
        required = "because other containers of the model have one"
    else:
        return
    for path, container in containers:
        if container.container_hostname is None:
            yield Violation(
                path=(*path, "container_hostname"),
                required=required,
                fix="Set `container_hostname` of every container.",
                python_fix="Pass hostname to every Container.",
            )


@rule(
    id="model-several-multi-model-containers",
    title="An inference pipeline must have at most one multi-model container",
    why="The deployment fails with: More than one container in MultiModel mode is not supported "
    "with inference pipeline.",
    fix="Keep one multi-model container, or create an endpoint for each.",
    evidence=Evidence.REAL_ERROR,
    source_url=_MULTI_MODEL,
    about=(ModelSpec,),
    requires=("containers",),
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
            sentence="the inference pipeline has more than one multi-model container",
            fix="Keep one multi-model container in the pipeline.",
        )


@rule(
    id="model-data-source-not-supported",
    title="A multi-model container or Marketplace package must not have a ModelDataSource",
    why="The API reference excludes ModelDataSource for both.",
    fix="Use ModelDataUrl with an S3 prefix for a multi-model container, and no model data for a "
    "Marketplace package.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONTAINER,
    about=(ModelSpec,),
    requires=("model_data_source",),
    facts=("MDL.DATA_SOURCE",),
)
def model_data_source_not_supported(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        if not isinstance(container.model_data_source, ModelDataSource):
            continue
        if container.mode == ContainerMode.MULTI_MODEL:
            not_allowed = "on a multi-model container"
            fix = "Use `model_data_url` with the S3 prefix of all models."
            python_fix = "Use ModelData.multi_model() with the S3 prefix of all models."
        elif is_marketplace(container):
            not_allowed = "with a model package from AWS Marketplace"
            fix = "Remove `model_data_source`; the package contains its model data."
            python_fix = "Remove model_data; the package contains its model data."
        else:
            continue
        yield Violation(
            path=(*path, "model_data_source"),
            got=Words("a data source"),
            not_allowed=not_allowed,
            fix=fix,
            python_fix=python_fix,
        )


@rule(
    id="model-environment-too-large",
    title="The environment of a model's containers must stay within its size limits",
    why="SageMaker accepts 1024 bytes for a key or a value, and 32 KB for all keys and values of "
    "all containers together. CloudFormation's schema has no limits.",
    fix="Shorten the values, or read long values from S3 in the container.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONTAINER,
    about=(ModelSpec,),
    requires=("environment",),
    facts=("MDL.ENV_SIZE",),
)
def model_environment_too_large(spec: ModelSpec) -> Iterator[Violation]:
    total, first = 0, None
    for path, container in spec.every_container():
        place = (*path, "environment")
        for key, text in _known_texts(container.environment):
            size = len(text.encode("utf-8", "surrogatepass"))
            total, first = total + size, first or place
            # `value-length-wrong` already reports a text with more characters than bytes allowed.
            if size > ENVIRONMENT_LENGTH >= len(text):
                yield Violation(
                    path=(*place, key),
                    got=Words(f"{size} bytes"),
                    must=f"not exceed {ENVIRONMENT_LENGTH} bytes",
                    fix="Shorten the text, or read it from S3 in the container.",
                )
    if first is not None and total > _ENVIRONMENT_BYTES:
        yield Violation(
            path=first,
            got=Words(f"{total} bytes"),
            must=f"not exceed {_ENVIRONMENT_BYTES} bytes in all containers together",
            fix="Shorten the environments, or read long values from S3 in the container.",
        )


def _known_texts(environment: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any value
    """Yield each key and each value that is not a token, together with the key."""
    for key, value in environment.items() if is_mapping(environment) else ():
        for text in (key, value):
            if is_string(text):
                yield key, text


@rule(
    id="vpc-single-subnet",
    title="A VPC configuration should have subnets in two Availability Zones",
    why="The developer guide asks for two subnets in different zones, even for a single instance. "
    "With one subnet, SageMaker cannot start instances elsewhere when the zone fails or has no "
    "capacity of the instance type.",
    fix="Add a subnet in another Availability Zone.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html",
    about=(EndpointConfigSpec, ModelSpec),
    requires=("vpc_config",),
    severity=Severity.WARNING,
)
def vpc_single_subnet(spec: EndpointConfigSpec | ModelSpec) -> Iterator[Violation]:
    vpc = spec.vpc_config
    subnets = items_of(vpc.subnets) if isinstance(vpc, VpcConfig) else ()
    if len(subnets) == 1 and is_set(subnets[0]):
        yield Violation(
            path=("vpc_config", "subnets"),
            got=Words("1 subnet"),
            must="have subnets in two or more Availability Zones",
            fix="Add a subnet in another Availability Zone.",
        )


@rule(
    id="model-container-hostnames-repeated",
    title="The hostnames of containers should be unique",
    why="The hostname identifies the container in logs and metrics, and in Direct mode it is the "
    "address of a request.",
    fix="Give each container a hostname of its own.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONTAINER,
    about=(ModelSpec,),
    requires=("containers",),
    severity=Severity.WARNING,
)
def model_container_hostnames_repeated(spec: ModelSpec) -> Iterator[Violation]:
    seen: set[str] = set()
    for path, container in spec.listed_containers():
        name = container.container_hostname
        if is_string(name) and name in seen:
            yield Violation(
                path=(*path, "container_hostname"),
                got=name,
                must="be unique because it identifies the container",
                fix="Give each container a hostname of its own.",
            )
        if is_string(name):
            seen.add(name)


RULES: Final = (
    model_containers_ambiguous,
    model_container_hostnames_missing,
    model_container_hostnames_repeated,
    model_several_multi_model_containers,
    model_data_source_not_supported,
    model_environment_too_large,
    vpc_single_subnet,
)

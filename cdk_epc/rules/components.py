"""Rules on inference components: models, containers, compute requirements and references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules.artifacts import is_archive, is_other_file, shown_end
from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    AnySpecification,
    ComponentContainer,
    ComponentRuntimeConfig,
    ComponentSpecification,
    ComputeResourceRequirements,
    InferenceComponentSpec,
    Path,
)
from cdk_epc.spec.unresolved import (
    Unresolved,
    is_integer,
    is_number,
    is_resolved,
    is_set,
    is_string,
    items_of,
    known_end,
)

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
_CREATE: Final = f"{_API}API_CreateInferenceComponent.html"
_SPECIFICATION: Final = f"{_API}API_InferenceComponentSpecification.html"
_COMPUTE: Final = f"{_API}API_InferenceComponentComputeResourceRequirements.html"
_CONTAINER: Final = f"{_API}API_InferenceComponentContainerSpecification.html"
_CFN: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-sagemaker-inferencecomponent.html"
)
_GUIDE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html"
)
_ABOUT: Final = (InferenceComponentSpec,)

# Attributes that return an ARN, as Ref does, by resource type.
_ARNS: Final = {
    "AWS::SageMaker::Endpoint": "EndpointArn",
    "AWS::SageMaker::Model": "ModelArn",
    "AWS::SageMaker::InferenceComponent": "InferenceComponentArn",
}
# Attributes that return a name; CloudFormation has none for an inference component.
_NAMES: Final = {
    "AWS::SageMaker::Endpoint": "EndpointName",
    "AWS::SageMaker::Model": "ModelName",
}


def is_adapter(specification: object) -> bool:
    """Return whether a specification is that of an adapter, or may be because of a token."""
    return (
        isinstance(specification, ComponentSpecification)
        and specification.base_inference_component_name is not None
    )


def container_of(specification: AnySpecification) -> ComponentContainer | None:
    """Return the container of a specification, if it has one that is known."""
    container = specification.container
    return container if isinstance(container, ComponentContainer) else None


@rule(
    id="component-specification-ambiguous",
    title="A component must have either Specification or Specifications",
    why="The API and CloudFormation's schema accept exactly one of the two.",
    fix="Keep Specification, or Specifications by instance type.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CFN,
    about=_ABOUT,
)
def component_specification_ambiguous(spec: InferenceComponentSpec) -> Iterator[Violation]:
    if spec.specification is None and spec.specifications is None:
        yield Violation(
            path=("specification",),
            required="because the component has no `specifications`",
            fix="Set `specification` with a model or a container, or `specifications` by instance "
            "type.",
            python_fix="Pass model or container, or specifications by instance type.",
        )
    elif is_resolved(spec.specification) and is_resolved(spec.specifications):
        yield Violation(
            path=("specifications",),
            got=Words(f"{len(items_of(spec.specifications))} items"),
            not_allowed="because the component has a specification for all instance types",
            fix="Keep `specification` for all instance types, or `specifications` by instance "
            "type.",
            python_fix="Pass either specifications, or model, container, compute and the other "
            "arguments for all instance types.",
        )


@rule(
    id="component-model-missing",
    title="A component should have a model or a container",
    why="Without either there is nothing to run.",
    fix="Set ModelName or Container.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_model_missing(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, each in spec.every_specification():
        if each.model_name is None and each.container is None and not is_adapter(each):
            yield Violation(
                path=(*path, "model_name"),
                required="because the component has no container",
                fix="Set `model_name`, or `container` with an image and an artifact.",
                python_fix="Pass model, or container with an image and an artifact.",
            )


@rule(
    id="component-image-missing",
    title="The container of a component should have an image",
    why="An adapter runs in the container of its base component. Any other component without an "
    "image has nothing to run.",
    fix="Set Image.",
    evidence=Evidence.INFERRED,
    source_url=_CONTAINER,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_image_missing(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, each in spec.every_specification():
        container = container_of(each)
        if container is not None and container.image is None and not is_adapter(each):
            yield Violation(
                path=(*path, "container", "image"),
                required="because the component is not an adapter",
                fix="Set `image`, or `base_inference_component_name` for an adapter.",
                python_fix="Pass image to the container, or base_component for an adapter.",
            )


@rule(
    id="component-compute-missing",
    title="A component should have compute requirements",
    why="SageMaker places copies according to their compute requirements. The API reference omits "
    "them only for adapters.",
    fix="Set ComputeResourceRequirements.",
    evidence=Evidence.INFERRED,
    source_url=_SPECIFICATION,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_compute_missing(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, each in spec.every_specification():
        if each.compute_resource_requirements is None and not is_adapter(each):
            yield Violation(
                path=(*path, "compute_resource_requirements"),
                required="because the component is not an adapter",
                fix="Set `compute_resource_requirements` to the memory and the accelerators or "
                "vCPUs of a copy.",
                python_fix="Pass compute with the memory and the accelerators or vCPUs of a copy.",
            )


def compute_of(
    spec: InferenceComponentSpec,
) -> Iterator[tuple[Path, AnySpecification, ComputeResourceRequirements]]:
    """Yield the known compute requirements with their paths and specifications."""
    for path, each in spec.every_specification():
        if isinstance(compute := each.compute_resource_requirements, ComputeResourceRequirements):
            yield (*path, "compute_resource_requirements"), each, compute


@rule(
    id="component-copies-zero",
    title="A component must be created with at least one copy",
    why="The deployment fails with: Inference components copy count an integer larger than 0. An "
    "update can set 0 later, and scaling can remove all copies.",
    fix="Set CopyCount to 1 or more, and scale to 0 after the creation.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/stdapi-ai/stdapi.ai/pull/43",
    about=_ABOUT,
)
def component_copies_zero(spec: InferenceComponentSpec) -> Iterator[Violation]:
    runtime = spec.runtime_config
    if (
        isinstance(runtime, ComponentRuntimeConfig)
        and is_integer(runtime.copy_count)
        and runtime.copy_count == 0
        and not is_adapter(spec.specification)
    ):
        yield Violation(
            path=("runtime_config", "copy_count"),
            got=0,
            must="be 1 or more when the component is created",
            fix="Set `copy_count` to 1 or more, and let a scalable target remove the copies.",
            python_fix="Pass copies=1, and scale to 0 with auto_scale(0, ...).",
        )


@rule(
    id="component-copies-missing",
    title="A component should have a number of copies",
    why="CloudFormation's schema calls RuntimeConfig optional, and a guide to deployments "
    "requires it for every component that is not an adapter.",
    fix="Set RuntimeConfig with CopyCount.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_copies_missing(spec: InferenceComponentSpec) -> Iterator[Violation]:
    if spec.runtime_config is None and _is_base(spec):
        yield Violation(
            path=("runtime_config",),
            required="because the component is not an adapter",
            fix="Set `runtime_config` with `copy_count`.",
            python_fix="Pass copies.",
        )


@rule(
    id="component-variant-missing",
    title="A component should name its variant",
    why="CreateInferenceComponent refuses a component that names neither a variant nor a base "
    "component, although the schema calls the variant optional.",
    fix="Set VariantName to a production variant of the endpoint.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://github.com/hashicorp/terraform-provider-aws/pull/48894",
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_variant_missing(spec: InferenceComponentSpec) -> Iterator[Violation]:
    if spec.variant_name is None and _is_base(spec):
        yield Violation(
            path=("variant_name",),
            required="because the component is not an adapter",
            fix="Set `variant_name` to a production variant of the endpoint.",
            python_fix="Pass variant, a production variant of the endpoint.",
        )


def _is_base(spec: InferenceComponentSpec) -> bool:
    """Return whether the component is known to be no adapter."""
    specifications = list(spec.every_specification())
    return bool(specifications) and not any(is_adapter(each) for _, each in specifications)


@rule(
    id="component-memory-reversed",
    title="The minimum memory of a component must not exceed its maximum memory",
    why="No amount of memory satisfies both limits.",
    fix="Lower the minimum or raise the maximum.",
    evidence=Evidence.INFERRED,
    source_url=_COMPUTE,
    about=_ABOUT,
    requires=("max_memory_required_in_mb",),
)
def component_memory_reversed(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, _, compute in compute_of(spec):
        low, high = compute.min_memory_required_in_mb, compute.max_memory_required_in_mb
        if is_integer(low) and is_integer(high) and low > high:
            yield Violation(
                path=(*path, "min_memory_required_in_mb"),
                got=low,
                must=f"not exceed the maximum memory, {shown(high)} MiB",
                fix="Lower the minimum or raise the maximum.",
            )


@rule(
    id="component-artifact-not-archive",
    title="The artifact of a component should be a .tar.gz archive",
    why="The API reference says that the path must point to a single gzip compressed tar archive.",
    fix="Pack the artifacts into one .tar.gz archive, or use a model, whose data can be "
    "uncompressed.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONTAINER,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_artifact_not_archive(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, each in spec.every_specification():
        container = container_of(each)
        url = container.artifact_url if container is not None else None
        end = known_end(url)
        # Where only the end is known, it may be the end of any name without an extension.
        if is_other_file(end) or end.endswith("/") or (is_string(url) and not is_archive(end)):
            yield Violation(
                path=(*path, "container", "artifact_url"),
                got=shown_end(url),
                must="be the URI of one .tar.gz archive",
                fix="Pack the artifacts into one archive, or use a model, whose data can be "
                "uncompressed.",
            )


@rule(
    id="component-types-repeated",
    title="Specifications should have one item for each instance type",
    why="Two items for one type contradict each other.",
    fix="Remove one of the two items.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREATE,
    about=_ABOUT,
    requires=("specifications",),
    severity=Severity.WARNING,
)
def component_types_repeated(spec: InferenceComponentSpec) -> Iterator[Violation]:
    seen: set[str] = set()
    for path, name in spec.instance_types():
        if name in seen:
            yield Violation(
                path=path,
                got=name,
                not_allowed="because another item has the same type",
                fix="Remove one of the two items.",
            )
        seen.add(name)


@rule(
    id="component-name-is-arn",
    title="A component must refer to other resources by name, not by ARN",
    why="Ref of an endpoint, a model or a component returns its ARN, which SageMaker refuses as a "
    "name.",
    fix="Use Fn::GetAtt with EndpointName or ModelName. For a base component, set a fixed name, "
    "because CloudFormation has no attribute for it.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CFN,
    about=_ABOUT,
    of_templates=True,
)
def component_name_is_arn(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, value in _names(spec):
        reference = value.refers_to if isinstance(value, Unresolved) else None
        if reference is None or reference.type not in _ARNS:
            continue
        if reference.attribute in (None, _ARNS[reference.type]):
            id_, attribute = reference.logical_id, _NAMES.get(reference.type)
            fix = f'Use {{"Fn::GetAtt": ["{id_}", "{attribute}"]}}.'
            if attribute is None:
                fix = (
                    f"Set `inference_component_name` of {id_} and use the same name here, because "
                    "CloudFormation has no attribute for it."
                )
            yield Violation(
                path=path,
                got=Words(f"the ARN of {id_}"),
                must="be its name",
                fix=fix,
            )


def _names(spec: InferenceComponentSpec) -> Iterator[tuple[Path, Any]]:
    """Yield the members that name another resource, with their paths."""
    yield ("endpoint_name",), spec.endpoint_name
    for path, each in spec.every_specification():
        yield (*path, "model_name"), each.model_name
        yield (*path, "base_inference_component_name"), each.base_inference_component_name


@rule(
    id="component-partition-with-several-devices",
    title="A component with an accelerator partition must require one accelerator",
    why="A partition is a part of one accelerator. The API reference requires the number 1.",
    fix="Set NumberOfAcceleratorDevicesRequired to 1.",
    evidence=Evidence.DOCUMENTED,
    source_url=_COMPUTE,
    about=_ABOUT,
    requires=("accelerator_partition_type",),
)
def component_partition_with_several_devices(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, _, compute in compute_of(spec):
        devices = compute.number_of_accelerator_devices_required
        if is_set(compute.accelerator_partition_type) and is_number(devices) and devices != 1:
            yield Violation(
                path=(*path, "number_of_accelerator_devices_required"),
                got=devices,
                must="be 1 because the component uses a partition of an accelerator",
                fix="Set `number_of_accelerator_devices_required` to 1.",
            )


RULES: Final = (
    component_specification_ambiguous,
    component_model_missing,
    component_image_missing,
    component_compute_missing,
    component_copies_zero,
    component_copies_missing,
    component_variant_missing,
    component_memory_reversed,
    component_artifact_not_archive,
    component_types_repeated,
    component_partition_with_several_devices,
    component_name_is_arn,
)

"""Rules of inference components: what one runs, and what that needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    AnySpecification,
    ComponentContainer,
    ComponentSpecification,
    ComputeResourceRequirements,
    InferenceComponentSpec,
    Path,
)
from cdk_epc.spec.unresolved import (
    Unresolved,
    is_integer,
    is_resolved,
    is_set,
    is_string,
    items_of,
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
_ARCHIVE: Final = ".tar.gz"
_ABOUT: Final = (InferenceComponentSpec,)

# The attributes of CloudFormation that are ARNs, and the members that want a name instead.
_ARNS: Final = {
    "AWS::SageMaker::Endpoint": "EndpointArn",
    "AWS::SageMaker::Model": "ModelArn",
    "AWS::SageMaker::InferenceComponent": "InferenceComponentArn",
}
_NAMES: Final = {
    "AWS::SageMaker::Endpoint": "EndpointName",
    "AWS::SageMaker::Model": "ModelName",
}


def is_adapter(specification: object) -> bool:
    """Whether this is an adapter's, or may be one's, for all that is known."""
    return (
        isinstance(specification, ComponentSpecification)
        and specification.base_inference_component_name is not None
    )


def container_of(specification: AnySpecification) -> ComponentContainer | None:
    """The container that is given with it, if that is known."""
    container = specification.container
    return container if isinstance(container, ComponentContainer) else None


@rule(
    id="component-specification-ambiguous",
    title="A component has Specification or Specifications",
    why="CloudFormation's schema and the API take exactly one of the two.",
    fix="Keep Specification, or give Specifications by instance type.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CFN,
    about=_ABOUT,
)
def component_specification_ambiguous(spec: InferenceComponentSpec) -> Iterator[Violation]:
    if spec.specification is None and spec.specifications is None:
        yield Violation(
            path=("specification",),
            got=None,
            must="be what the component runs: Specification, or Specifications by instance type",
            fix="Give a model or a container, or say for each instance type what it runs.",
        )
    elif is_resolved(spec.specification) and is_resolved(spec.specifications):
        yield Violation(
            path=("specifications",),
            got=Words(f"{len(items_of(spec.specifications))} items beside Specification"),
            must="be one of the two",
            fix="Keep Specification for all instances alike, or Specifications by instance type.",
        )


@rule(
    id="component-model-missing",
    title="A component runs a model or a container of its own",
    why="A model has containers already; without either there is nothing to run.",
    fix="Name a model, or give a container.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_model_missing(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, each in spec.every_specification():
        if is_set(each.model_name) and is_set(each.container):
            yield Violation(
                path=(*path, "container"),
                got=Words("a container beside a model"),
                must="be one of the two",
                fix="Keep the model, which has containers of its own, or the container.",
            )
        elif each.model_name is None and each.container is None and not is_adapter(each):
            yield Violation(
                path=(*path, "model_name"),
                got=None,
                must="be a model or a container",
                fix="Name a model, or give the image and the artifact of a container.",
            )


@rule(
    id="component-image-missing",
    title="A container of a component's own has an image",
    why="An adapter runs in the container of its base; any other component has nothing to run.",
    fix="Give the image.",
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
                got=None,
                must="be an image because the component is no adapter of another one",
                fix="Give the image, or name the base component.",
            )


@rule(
    id="component-compute-missing",
    title="A component says what each copy takes of an instance",
    why="SageMaker places copies by it. The reference has it left out for adapters alone.",
    fix="Give ComputeResourceRequirements.",
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
                got=None,
                must="be what each copy takes because the component is no adapter of another one",
                fix="Say how much memory a copy needs, and how many accelerators or cores.",
            )


def compute_of(
    spec: InferenceComponentSpec,
) -> Iterator[tuple[Path, AnySpecification, ComputeResourceRequirements]]:
    """The compute requirements that are known, each with its place."""
    for path, each in spec.every_specification():
        if isinstance(compute := each.compute_resource_requirements, ComputeResourceRequirements):
            yield (*path, "compute_resource_requirements"), each, compute


@rule(
    id="component-memory-reversed",
    title="The least memory of a component does not exceed the greatest",
    why="Nothing lies between.",
    fix="Lower the least memory or raise the greatest.",
    evidence=Evidence.INFERRED,
    source_url=_COMPUTE,
    about=_ABOUT,
)
def component_memory_reversed(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, _, compute in compute_of(spec):
        low, high = compute.min_memory_required_in_mb, compute.max_memory_required_in_mb
        if is_integer(low) and is_integer(high) and low > high:
            yield Violation(
                path=(*path, "min_memory_required_in_mb"),
                got=low,
                must=f"be at most the greatest memory, which is {shown(high)}",
                fix="Lower the least memory or raise the greatest.",
            )


@rule(
    id="component-artifact-not-archive",
    title="The artifact of a component is one packed archive",
    why="The reference: the path must point to a single gzip compressed tar archive.",
    fix="Pack the artifacts into one .tar.gz, or give a model, whose data may be unpacked.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONTAINER,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_artifact_not_archive(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, each in spec.every_specification():
        container = container_of(each)
        url = container.artifact_url if container is not None else None
        if is_string(url) and not url.endswith(_ARCHIVE):
            yield Violation(
                path=(*path, "container", "artifact_url"),
                got=url,
                must=f"be the URI of one packed archive, with {_ARCHIVE} at its end",
                fix="Pack the artifacts, or give a model with data that is not packed.",
            )


@rule(
    id="component-types-repeated",
    title="Specifications has one item for each instance type",
    why="Of two for one type, nobody can say which holds.",
    fix="Keep one of the two.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREATE,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_types_repeated(spec: InferenceComponentSpec) -> Iterator[Violation]:
    seen: set[str] = set()
    for path, name in spec.instance_types():
        if name in seen:
            yield Violation(
                path=path,
                got=name,
                must="be a type that no other item has",
                fix="Keep one of the two.",
            )
        seen.add(name)


@rule(
    id="component-name-is-arn",
    title="A component gets the names of what it refers to, not the ARNs",
    why="Ref of an endpoint, of a model and of a component is its ARN, which the patterns refuse.",
    fix="Take Fn::GetAtt EndpointName or ModelName; a base needs a name of its own, for "
    "CloudFormation has no attribute for it.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CFN,
    about=_ABOUT,
    of_templates=True,
)
def component_name_is_arn(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, value in _named(spec):
        refers = value.refers_to if isinstance(value, Unresolved) else None
        if refers is None or refers.attribute not in (None, _ARNS.get(refers.type)):
            continue
        if refers.type in _ARNS:
            name = _NAMES.get(refers.type)
            yield Violation(
                path=path,
                got=Words(f"the ARN of {refers.logical_id}"),
                must="be a name",
                fix=f'Take {{"Fn::GetAtt": ["{refers.logical_id}", "{name}"]}}.'
                if name
                else "Give the base a name, and write that here; CloudFormation has no attribute "
                "for it.",
            )


def _named(spec: InferenceComponentSpec) -> Iterator[tuple[Path, Any]]:
    yield ("endpoint_name",), spec.endpoint_name
    for path, each in spec.every_specification():
        yield (*path, "model_name"), each.model_name
        yield (
            (*path, "base_inference_component_name"),
            each.base_inference_component_name,
        )


RULES: Final = (
    component_specification_ambiguous,
    component_model_missing,
    component_image_missing,
    component_compute_missing,
    component_memory_reversed,
    component_artifact_not_archive,
    component_types_repeated,
    component_name_is_arn,
)

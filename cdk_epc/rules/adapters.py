"""Rules on adapters: inference components that are loaded into a base component."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules.components import container_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import ComponentSpecification, InferenceComponentSpec, Path
from cdk_epc.spec.context import InferenceComponentContext
from cdk_epc.spec.unresolved import Unresolved, is_resolved, is_set

_SPECIFICATION: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_InferenceComponentSpecification.html"
)
_GUIDE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html"
)


@rule(
    id="adapter-with-compute",
    title="An adapter must not have compute requirements",
    why="An adapter runs on the compute of its base component. The API reference says to omit "
    "the requirements.",
    fix="Remove ComputeResourceRequirements.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SPECIFICATION,
    about=(InferenceComponentSpec,),
    requires=("base_inference_component_name",),
)
def adapter_with_compute(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for path, each in spec.every_specification():
        if (
            isinstance(each, ComponentSpecification)
            and is_set(each.base_inference_component_name)
            and is_set(each.compute_resource_requirements)
        ):
            yield Violation(
                path=(*path, "compute_resource_requirements"),
                got=Words("compute requirements"),
                not_allowed="on an adapter, which runs on the compute of its base component",
                fix="Remove `compute_resource_requirements`, or raise those of the base component.",
                python_fix="Remove compute, or raise that of the base component.",
            )


@rule(
    id="adapter-with-base-settings",
    title="An adapter should have only a base component and an archive",
    why="The base component determines all other settings. The developer guide gives an adapter "
    "nothing else.",
    fix="Set ArtifactUrl to the adapter's archive, and remove the other settings.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=(InferenceComponentSpec,),
    requires=("base_inference_component_name",),
    severity=Severity.WARNING,
)
def adapter_with_base_settings(spec: InferenceComponentSpec) -> Iterator[Violation]:
    specification = spec.specification
    if not isinstance(specification, ComponentSpecification) or not is_set(
        specification.base_inference_component_name
    ):
        return
    container = container_of(specification)
    has_no_archive = container is not None and container.artifact_url is None
    if specification.container is None or has_no_archive:
        yield Violation(
            path=("specification", "container", "artifact_url"),
            required="because the component is an adapter",
            fix="Set `artifact_url` to the S3 URI of the adapter's archive.",
            python_fix="Pass container with artifact, the S3 URI of the adapter's archive.",
        )
    for path, setting in _base_settings(spec, specification):
        if is_set(setting):
            yield Violation(
                path=path,
                got=Words("given"),
                not_allowed="on an adapter, which has this setting from its base component",
                fix="Remove it.",
            )


def _base_settings(
    spec: InferenceComponentSpec, specification: ComponentSpecification
) -> Iterator[tuple[Path, Any]]:
    """Yield the settings that the developer guide gives components, but not adapters."""
    for name in ("model_name", "startup_parameters", "data_cache_config", "scheduling_config"):
        yield ("specification", name), getattr(specification, name)
    for name in ("image", "environment", "container_metrics_config"):
        yield ("specification", "container", name), getattr(specification.container, name, None)
    yield ("variant_name",), spec.variant_name
    yield ("runtime_config",), spec.runtime_config


@rule(
    id="adapter-base-not-awaited",
    title="An adapter should be created after its base component",
    why="CloudFormation has no attribute for the name of a component, so the name creates no "
    "dependency. CloudFormation creates both at the same time, and the adapter fails because "
    "its base does not exist.",
    fix="Add DependsOn with the base component.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    about=(InferenceComponentContext,),
    requires=("base_inference_component_name",),
    severity=Severity.WARNING,
    of_templates=True,
)
def adapter_base_not_awaited(subject: InferenceComponentContext) -> Iterator[Violation]:
    specification = subject.component.specification
    name = getattr(specification, "base_inference_component_name", None)
    if not subject.depends_on_base and is_resolved(name):
        yield Violation(
            path=("specification", "base_inference_component_name"),
            got=name,
            sentence=f"the adapter has no dependency on its base component {str(name)!r}, because "
            "a literal name creates none",
            fix="Add DependsOn with the base component.",
            python_fix="Pass the construct of the base component instead of its name.",
        )


@rule(
    id="adapter-endpoint-mismatch",
    title="An adapter should be on the endpoint of its base component",
    why="SageMaker loads an adapter into the container of its base component.",
    fix="Set the same endpoint for both components.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=(InferenceComponentContext,),
    severity=Severity.WARNING,
)
def adapter_endpoint_mismatch(subject: InferenceComponentContext) -> Iterator[Violation]:
    if subject.base is None:
        return
    endpoint, base_endpoint = subject.component.endpoint_name, subject.base.endpoint_name
    if endpoint is None or base_endpoint is None or is_same(endpoint, base_endpoint) is not False:
        return
    yield Violation(
        path=("endpoint_name",),
        got=endpoint,
        must="be the endpoint of the base component",
        fix="Set the same endpoint for both components.",
    )


def is_same(one: object, other: object) -> bool | None:
    """Return whether two names are the same; ``None`` if that is not known."""
    if is_resolved(one) and is_resolved(other):
        return one == other
    if isinstance(one, Unresolved) and isinstance(other, Unresolved):
        reference, other_reference = one.refers_to, other.refers_to
        return reference == other_reference if reference and other_reference else None
    return None


RULES: Final = (
    adapter_with_compute,
    adapter_with_base_settings,
    adapter_base_not_awaited,
    adapter_endpoint_mismatch,
)

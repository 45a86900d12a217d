"""Rules of adapters: inference components that are loaded into another one, their base."""

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
    title="An adapter has no compute requirements",
    why="It runs on the compute of its base; the reference says to leave them out.",
    fix="Take the compute requirements out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SPECIFICATION,
    about=(InferenceComponentSpec,),
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
                not_allowed="because an adapter runs on the compute of its base",
                fix="Take them out, or give the base component more.",
            )


@rule(
    id="adapter-with-base-settings",
    title="An adapter has its base and its archive, and no more",
    why="Everything else is that of the base. AWS's guide gives an adapter nothing but these.",
    fix="Give the archive of the adapter, and take the rest out.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=(InferenceComponentSpec,),
    severity=Severity.WARNING,
)
def adapter_with_base_settings(spec: InferenceComponentSpec) -> Iterator[Violation]:
    running = spec.specification
    if not isinstance(running, ComponentSpecification) or not is_set(
        running.base_inference_component_name
    ):
        return
    at: Path = ("specification",)
    container = container_of(running)
    if running.container is None or (container is not None and container.artifact_url is None):
        yield Violation(
            path=(*at, "container", "artifact_url"),
            got=None,
            must="be the archive of the adapter",
            fix="Give its S3 URI.",
        )
    for path, what in _beside_the_adapter(spec, running):
        if is_set(what):
            yield Violation(
                path=path,
                got=Words("given"),
                not_allowed="because an adapter has that of its base",
                fix="Take it out.",
            )


def _beside_the_adapter(
    spec: InferenceComponentSpec, running: ComponentSpecification
) -> Iterator[tuple[Path, Any]]:
    """What AWS's guide gives a component that is no adapter, and no adapter."""
    for name in ("model_name", "startup_parameters", "data_cache_config", "scheduling_config"):
        yield ("specification", name), getattr(running, name)
    for name in ("image", "environment", "container_metrics_config"):
        yield ("specification", "container", name), getattr(running.container, name, None)
    yield ("variant_name",), spec.variant_name
    yield ("runtime_config",), spec.runtime_config


@rule(
    id="adapter-base-not-awaited",
    title="An adapter waits for its base",
    why="The base must exist first, and CloudFormation has no attribute for its name that "
    "would make the adapter wait.",
    fix="Add DependsOn with the base component.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    about=(InferenceComponentContext,),
    severity=Severity.WARNING,
    of_templates=True,
)
def adapter_base_not_awaited(subject: InferenceComponentContext) -> Iterator[Violation]:
    running = subject.component.specification
    name = getattr(running, "base_inference_component_name", None)
    if not subject.depends_on_base and is_resolved(name):
        yield Violation(
            path=("specification", "base_inference_component_name"),
            got=name,
            must="be the name of a component that is there first",
            fix="Add DependsOn with the base component.",
        )


@rule(
    id="adapter-endpoint-mismatch",
    title="An adapter is placed on the endpoint of its base",
    why="It is loaded into the container of the base.",
    fix="Give both components the same endpoint.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=(InferenceComponentContext,),
    severity=Severity.WARNING,
)
def adapter_endpoint_mismatch(subject: InferenceComponentContext) -> Iterator[Violation]:
    if subject.base is None:
        return
    own, of_base = subject.component.endpoint_name, subject.base.endpoint_name
    if own is None or of_base is None or same(own, of_base) is not False:
        return
    yield Violation(
        path=("endpoint_name",),
        got=Words("another endpoint than that of the base"),
        must="be the endpoint of the base component",
        fix="Give both components the same endpoint.",
    )


def same(one: object, other: object) -> bool | None:
    """Whether two names are the same; ``None`` if nobody can say."""
    if is_resolved(one) and is_resolved(other):
        return one == other
    if isinstance(one, Unresolved) and isinstance(other, Unresolved):
        refers, refers_too = one.refers_to, other.refers_to
        return refers == refers_too if refers and refers_too else None
    return None


RULES: Final = (
    adapter_with_compute,
    adapter_with_base_settings,
    adapter_base_not_awaited,
    adapter_endpoint_mismatch,
)

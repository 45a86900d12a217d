"""Rule on the copies of a component and the instances of its variant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules.component_context import (
    RESOURCES,
    host_types_of,
    hosts_of,
    largest_capacity,
)
from cdk_epc.rules.components import compute_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import (
    ComponentRuntimeConfig,
    ComputeResourceRequirements,
    ManagedInstanceScaling,
)
from cdk_epc.spec.context import InferenceComponentContext
from cdk_epc.spec.unresolved import is_integer, is_number

_GUIDE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html"
)
_ENABLED: Final = "ENABLED"
_DISABLED: Final = "DISABLED"


@rule(
    id="component-copies-do-not-fit",
    title="The copies of a component should fit on the instances of its variant",
    why="SageMaker can never place the last copies, so that the component waits for capacity and "
    "its creation fails.",
    fix="Raise the maximum instance count of the variant, or lower the copy count.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=(InferenceComponentContext,),
    requires=("config", "compute_resource_requirements", "runtime_config"),
    severity=Severity.WARNING,
)
def component_copies_do_not_fit(subject: InferenceComponentContext) -> Iterator[Violation]:
    runtime, most = subject.component.runtime_config, _most_instances(subject)
    copies = runtime.copy_count if isinstance(runtime, ComponentRuntimeConfig) else None
    if most is None or not is_integer(copies):
        return
    for _, specification, compute in compute_of(subject.component):
        types = host_types_of(subject, specification)
        each = _copies_of_instance(compute, types)
        # `component-does-not-fit` reports a copy that fits on no instance.
        if each and copies > each * most:
            instances = f"{most} instance{'s' * (most > 1)} of {' or '.join(types)}"
            yield Violation(
                path=("runtime_config", "copy_count"),
                got=copies,
                must=f"not exceed {each * most}, the copies that fit on {instances}",
                fix="Raise the maximum instance count of the variant, or lower the copy count.",
            )
            return


def _copies_of_instance(compute: ComputeResourceRequirements, types: list[str]) -> int | None:
    """Return the most copies that fit on one instance; ``None`` if that is not known."""
    numbers: list[int] = []
    for resource in RESOURCES:
        required, largest = getattr(compute, resource.member), largest_capacity(resource, types)
        if is_number(required) and required > 0 and largest is not None:
            numbers.append(0 if required > largest[0] else int(largest[0] // required))
    return min(numbers, default=None)


def _most_instances(subject: InferenceComponentContext) -> int | None:
    """Return the most instances of the only variant that may host the component, if known."""
    hosts = hosts_of(subject)
    if len(hosts) != 1 or subject.config is None:
        return None
    ((path, variant),) = hosts
    scaling: Any = variant.managed_instance_scaling
    count: Any = None
    if scaling is None or getattr(scaling, "status", None) == _DISABLED:
        is_scaled = path in subject.config.scalable_targets
        count = None if is_scaled else variant.initial_instance_count
    elif isinstance(scaling, ManagedInstanceScaling) and scaling.status == _ENABLED:
        count = scaling.max_instance_count
    return count if is_integer(count) and count > 0 else None


RULES: Final = (component_copies_do_not_fit,)

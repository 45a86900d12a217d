"""Scaling of the copies of an inference component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cdk_epc.autoscaling.scalable_copies import ScalableCopies
from cdk_epc.autoscaling.scalable_source import AutoScaleArguments, ScalableSource
from cdk_epc.autoscaling.scalable_target import new_target_state, referenced_target
from cdk_epc.autoscaling.scale_from_zero import failures_without_capacity
from cdk_epc.spec.context import ReferencedTarget, ScalableTargetContext
from cdk_epc.spec.scaling import ScalableDimension, ScalableTargetSpec, ScalingPolicySpec

if TYPE_CHECKING:
    from cdk_epc.inference_component.construct import InferenceComponent

_ID: Final = "Scaling"


def find_scalable_copies(component: InferenceComponent) -> ScalableCopies | None:
    """Return the scalable target of a component, if there is one."""
    found = component.node.try_find_child(_ID)
    return found if isinstance(found, ScalableCopies) else None


def scale_copies(
    component: InferenceComponent, arguments: AutoScaleArguments
) -> tuple[ScalableCopies, ReferencedTarget]:
    """Create the scalable target of a component.

    Returns:
        The target, and the target as the rules of the component see it.

    Raises:
        EndpointConfigError: SageMaker cannot scale the copies between these numbers, or the
            component is scaled already.
    """
    source = _scalable_source(component)
    state = new_target_state(source, arguments)
    target = referenced_target(source, arguments.min_capacity)
    return ScalableCopies(source, arguments, state), target


def _scalable_source(component: InferenceComponent) -> ScalableSource:
    """Return the component as a source of a scalable target."""

    def context(
        target: ScalableTargetSpec, policies: tuple[ScalingPolicySpec, ...] | None
    ) -> ScalableTargetContext:
        return ScalableTargetContext(
            target=target, logical_id=_ID, component=component.spec, policies=policies
        )

    return ScalableSource(
        scope=component,
        id=_ID,
        resource_id=f"inference-component/{component.inference_component_name}",
        dimension=ScalableDimension.COPIES,
        label="the copies of the component",
        context=context,
        own_dimensions=lambda: {
            "InferenceComponentName": (
                component.name_in_metrics,
                component.inference_component_name,
            )
        },
        no_capacity_metric=lambda: failures_without_capacity(component.name_in_metrics),
    )

"""What variants and components can do about their own size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import attrs

from cdk_epc.autoscaling.scalable_copies import ScalableCopies
from cdk_epc.autoscaling.scalable_target import (
    TITLE,
    Bounds,
    Scaled,
    draft_of,
)
from cdk_epc.autoscaling.scalable_variant import ScalableVariant
from cdk_epc.autoscaling.scale_from_zero import by_backlog, by_failures
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.spec import EndpointKind, endpoint_kind_of
from cdk_epc.spec.context import ConfigContext, ReferencedTarget, ScalableTargetContext
from cdk_epc.spec.scaling import ScalableDimension, ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.unresolved import is_given, is_whole

if TYPE_CHECKING:
    from cdk_epc.endpoint.construct import Endpoint
    from cdk_epc.endpoint.variant import EndpointVariant
    from cdk_epc.inference_component.construct import InferenceComponent


class VariantScaling:
    """What a variant of an endpoint can do about its own size."""

    @property
    def scaling(self) -> ScalableVariant | None:
        """What ``auto_scale`` gave back; ``None`` as long as nothing scales the variant."""
        variant = cast("EndpointVariant", self)
        found = cast("Endpoint", variant.endpoint).node.try_find_child(_id_of(variant))
        return found if isinstance(found, ScalableVariant) else None

    def auto_scale(
        self,
        min_capacity: int,
        max_capacity: int,
        *,
        wake_up: bool | None = None,
        acknowledge: Mapping[str, str] | None = None,
    ) -> ScalableVariant:
        """Scale the variant between two capacities; add policies to what comes back.

        From then on updates of the endpoint retain the instance counts, unless it was said what to
        retain. And SageMaker refuses an update that takes a scaled variant away or changes its
        instance type: take the scaling out in a deployment before, or add a variant instead.

        Args:
            min_capacity: The least capacity: instances, 1 or more, or 0 on an asynchronous
                endpoint. Of a serverless variant, the least provisioned concurrency.
            max_capacity: The greatest.
            wake_up: Whether an asynchronous endpoint leaves 0 as soon as a request waits; by
                default it does where it can come down to 0. Without that, requests wait until there
                are more of them than the policies' target.
            acknowledge: By the id of a rule, why its findings may stay as they are.

        Raises:
            EndpointConfigError: SageMaker could not scale this, or it is scaled already.
        """
        site = CallSite.current()
        bounds = Bounds(
            min_capacity=min_capacity,
            max_capacity=max_capacity,
            wake_up=wake_up,
            acknowledge=acknowledge,
        )
        variant = cast("EndpointVariant", self)
        what = _variant_of(variant)
        state = draft_of(what, bounds, site)
        path = state.scope.path
        target = ReferencedTarget(
            logical_id=path,
            dimension=what.dimension.value,
            min_capacity=min_capacity if is_whole(min_capacity) else None,
        )
        config = variant.config
        on_config = config._state  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
        scaled = config._scaled  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
        place = on_config.context()
        if isinstance(place, ConfigContext):
            then = attrs.evolve(place, scaled={**scaled, variant.place: target})
            on_config.check_in_context(then, TITLE, site, on_config.supplied_parts)
        made = ScalableVariant(what, bounds, state, path)
        made.variant = variant
        scaled[variant.place] = target
        cast("Endpoint", variant.endpoint).note_scaling(variant)
        return made


def _variant_of(variant: EndpointVariant) -> Scaled:
    config, endpoint, place = variant.config, variant.endpoint, variant.place

    def context(
        target: ScalableTargetSpec, policies: tuple[ScalingPolicySpec, ...] | None
    ) -> ScalableTargetContext:
        found = config._state.context()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
        return ScalableTargetContext(
            target=target,
            logical_id=_id_of(variant),
            config=found if isinstance(found, ConfigContext) else None,
            variant=place,
            policies=policies,
        )

    is_serverless = variant.spec.serverless_config is not None
    # Where the kind is not known before the deployment, the endpoint may have a queue.
    may_queue = not is_serverless and endpoint_kind_of(config.spec) in {
        EndpointKind.ASYNCHRONOUS,
        None,
    }
    name = variant.variant_name
    return Scaled(
        scope=endpoint,
        id=_id_of(variant),
        resource_id=f"endpoint/{endpoint.endpoint_name}/variant/{name}",
        dimension=ScalableDimension.PROVISIONED_CONCURRENCY
        if is_serverless
        else ScalableDimension.INSTANCES,
        words=f"variant {name!r}",
        context=context,
        own=lambda: {
            "EndpointName": (endpoint.name_in_metrics, endpoint.endpoint_name),
            "VariantName": (name,),
        },
        signal=(lambda: by_backlog(endpoint.name_in_metrics)) if may_queue else None,
    )


def _id_of(variant: EndpointVariant) -> str:
    """An id that stays when other variants come and go; by its place if the name is a token."""
    name = variant.variant_name
    return f"{name}Scaling" if is_given(name) else f"Scaling{variant.place[0]}{variant.place[1]}"


class CopyScaling:
    """What an inference component can do about the number of its copies."""

    @property
    def scaling(self) -> ScalableCopies | None:
        """What ``auto_scale`` gave back; ``None`` as long as nothing scales the copies."""
        found = cast("InferenceComponent", self).node.try_find_child(_COPIES)
        return found if isinstance(found, ScalableCopies) else None

    def auto_scale(
        self,
        min_capacity: int,
        max_capacity: int,
        *,
        wake_up: bool | None = None,
        acknowledge: Mapping[str, str] | None = None,
    ) -> ScalableCopies:
        """Scale the copies of the component; add policies to what comes back.

        Args:
            min_capacity: The least number of copies, 0 or more. At 0 requests fail until there is
                a copy again; nothing is queued.
            max_capacity: The greatest number of copies.
            wake_up: Whether a request that failed for lack of a copy brings one back; by default it
                does where the copies can come down to 0. Nothing else leaves 0.
            acknowledge: By the id of a rule, why its findings may stay as they are.

        Raises:
            EndpointConfigError: SageMaker could not scale this, or it is scaled already.
        """
        site = CallSite.current()
        bounds = Bounds(
            min_capacity=min_capacity,
            max_capacity=max_capacity,
            wake_up=wake_up,
            acknowledge=acknowledge,
        )
        component = cast("InferenceComponent", self)
        what = _copies_of(component)
        state = draft_of(what, bounds, site)
        path = state.scope.path
        made = ScalableCopies(what, bounds, state, path)
        component._scaled = ReferencedTarget(  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
            logical_id=path,
            dimension=what.dimension.value,
            min_capacity=min_capacity if is_whole(min_capacity) else None,
        )
        return made


def _copies_of(component: InferenceComponent) -> Scaled:
    def context(
        target: ScalableTargetSpec, policies: tuple[ScalingPolicySpec, ...] | None
    ) -> ScalableTargetContext:
        return ScalableTargetContext(
            target=target,
            logical_id=_COPIES,
            component=component.spec,
            policies=policies,
        )

    return Scaled(
        scope=component,
        id=_COPIES,
        # By this reference the target waits for the component, whatever that is called.
        resource_id=f"inference-component/{component.inference_component_name}",
        dimension=ScalableDimension.COPIES,
        words="the copies of the component",
        context=context,
        own=lambda: {
            "InferenceComponentName": (
                component.name_in_metrics,
                component.inference_component_name,
            )
        },
        signal=lambda: by_failures(component.name_in_metrics),
    )


_COPIES = "Scaling"

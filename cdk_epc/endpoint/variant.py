"""Variants of an endpoint, with their metrics and their scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from cdk_epc.autoscaling.scalable_source import AutoScaleArguments, ScalableSource
from cdk_epc.autoscaling.scalable_target import CALL, new_target_state, referenced_target
from cdk_epc.autoscaling.scalable_variant import ScalableVariant
from cdk_epc.autoscaling.scale_from_zero import backlog_without_capacity
from cdk_epc.constructs.call_signature import reports_wrong_arguments
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.internals import internals_of
from cdk_epc.endpoint.retain import retain_instance_counts
from cdk_epc.endpoint_config.variant_handle import VariantHandle
from cdk_epc.monitoring.variant_metrics import VariantMetrics
from cdk_epc.spec import EndpointKind, endpoint_kind_of
from cdk_epc.spec.context import ScalableTargetContext
from cdk_epc.spec.scaling import ScalableDimension, ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.unresolved import is_resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdk_epc.endpoint.base import EndpointBase
    from cdk_epc.endpoint.construct import Endpoint


class VariantReference(VariantMetrics):
    """Variant of which only the endpoint and the name are known, for its metrics.

    Attributes:
        endpoint: Endpoint that runs the variant.
        variant_name: Name of the variant.
    """

    def __init__(self, endpoint: EndpointBase, variant_name: str) -> None:
        """Refer to the variant with this name."""
        self._endpoint = endpoint
        self._name = variant_name

    @property
    def endpoint(self) -> EndpointBase:
        """Endpoint that runs the variant."""
        return self._endpoint

    @property
    def variant_name(self) -> str:
        """Name of the variant, which requests and metrics refer to."""
        return self._name


class EndpointVariant(VariantHandle):
    """Variant of an endpoint of this app, with its metrics and its scaling.

    Attributes:
        config: Configuration of the variant.
        endpoint: Endpoint that runs the variant.
        is_shadow: Whether the variant is a shadow variant: it gets copies of requests, and
            SageMaker discards its responses.
    """

    def __init__(self, endpoint: Endpoint, handle: VariantHandle) -> None:
        """Refer to the variant of a handle, as the endpoint runs it."""
        super().__init__(handle.config, int(handle.path[1]), is_shadow=handle.is_shadow)
        self._endpoint = endpoint

    @property
    def endpoint(self) -> Endpoint:
        """Endpoint that runs the variant."""
        return self._endpoint

    @property
    def scaling(self) -> ScalableVariant | None:
        """Scalable target that `auto_scale` returned; ``None`` before that call."""
        found = self.endpoint.node.try_find_child(_target_id(self))
        return found if isinstance(found, ScalableVariant) else None

    @reports_wrong_arguments()
    def auto_scale(
        self,
        min_capacity: int,
        max_capacity: int,
        *,
        scale_from_zero: bool | None = None,
        acknowledge: Mapping[str, str] | None = None,
    ) -> ScalableVariant:
        """Scale the variant on this endpoint; see `VariantHandle.auto_scale`.

        Args:
            min_capacity: Minimum capacity.
            max_capacity: Maximum capacity.
            scale_from_zero: Whether an asynchronous endpoint starts its first instance as soon as a
                request waits.
            acknowledge: Reasons by the id of the rule whose findings are acknowledged.

        Raises:
            EndpointConfigError: SageMaker cannot scale the variant between these capacities, or the
                variant is scaled already.
        """
        arguments = AutoScaleArguments(
            min_capacity=min_capacity,
            max_capacity=max_capacity,
            scale_from_zero=scale_from_zero,
            acknowledge=acknowledge,
        )
        source = _scalable_source(self)
        state = new_target_state(source, arguments)
        target = referenced_target(source, min_capacity)
        config = internals_of(self.config)
        changed = attrs.evolve(
            config.context(), scalable_targets={**config.scaled, self.path: target}
        )
        parts = config.state.supplied_parts
        config.state.check_in_context(changed, CALL, CallSite.current(), parts)
        scalable = ScalableVariant(self, source, arguments, state)
        config.scaled[self.path] = target
        retain_instance_counts(self.endpoint)
        return scalable


def _scalable_source(variant: EndpointVariant) -> ScalableSource:
    """Return the variant as a source of a scalable target."""
    config, endpoint, name = variant.config, variant.endpoint, variant.variant_name

    def context(
        target: ScalableTargetSpec, policies: tuple[ScalingPolicySpec, ...] | None
    ) -> ScalableTargetContext:
        return ScalableTargetContext(
            target=target,
            logical_id=_target_id(variant),
            config=internals_of(config).context(),
            variant=variant.path,
            policies=policies,
        )

    is_serverless = variant.spec.serverless_config is not None
    # An endpoint whose kind is unknown before the deployment may be asynchronous.
    may_be_asynchronous = not is_serverless and endpoint_kind_of(config.spec) in {
        EndpointKind.ASYNCHRONOUS,
        None,
    }
    return ScalableSource(
        scope=endpoint,
        id=_target_id(variant),
        resource_id=f"endpoint/{endpoint.endpoint_name}/variant/{name}",
        dimension=ScalableDimension.PROVISIONED_CONCURRENCY
        if is_serverless
        else ScalableDimension.INSTANCES,
        label=f"variant {name!r}",
        context=context,
        own_dimensions=lambda: {
            "EndpointName": (endpoint.name_in_metrics, endpoint.endpoint_name),
            "VariantName": (name,),
        },
        no_capacity_metric=(lambda: backlog_without_capacity(endpoint.name_in_metrics))
        if may_be_asynchronous
        else None,
    )


def _target_id(variant: EndpointVariant) -> str:
    """Return a construct id that does not depend on other variants.

    It contains the index of the variant if the name is a token.
    """
    name = variant.variant_name
    return f"{name}Scaling" if is_resolved(name) else f"Scaling{variant.path[0]}{variant.path[1]}"

"""Endpoint: all members of ``AWS::SageMaker::Endpoint``.

Source of the members and their bounds: botocore's sagemaker model, shapes ``CreateEndpointInput``
and ``UpdateEndpointInput``, and CloudFormation's schema.
"""

from __future__ import annotations

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.enums import CapacitySizeType, TrafficRoutingType, VariantPropertyType
from cdk_epc.spec.features import Tag
from cdk_epc.spec.fields import (
    Spec,
    boolean,
    choice,
    integer,
    nested,
    nested_list,
    string,
)
from cdk_epc.spec.unresolved import is_list, is_resolved, items_of


@attrs.frozen(kw_only=True, repr=False, eq=False)
class CapacitySize(Spec):
    """Size of one step of a deployment: a number of instances or a percentage of the fleet."""

    type: str | None = attrs.field(default=None, metadata=choice(CapacitySizeType, required=True))
    value: int | None = attrs.field(default=None, metadata=integer(1, required=True))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class TrafficRoutingConfiguration(Spec):
    """Shift of the traffic to the new fleet. The wait between steps is in seconds.

    The API model marks the wait as required, but AWS's example of ``ALL_AT_ONCE`` has none.
    """

    type: str | None = attrs.field(default=None, metadata=choice(TrafficRoutingType, required=True))
    wait_interval_in_seconds: int | None = attrs.field(default=None, metadata=integer(0, 3600))
    canary_size: CapacitySize | None = attrs.field(default=None, metadata=nested(CapacitySize))
    linear_step_size: CapacitySize | None = attrs.field(default=None, metadata=nested(CapacitySize))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class BlueGreenUpdatePolicy(Spec):
    """Blue/green deployment, with a second fleet of full size. Times are in seconds."""

    traffic_routing_configuration: TrafficRoutingConfiguration | None = attrs.field(
        default=None, metadata=nested(TrafficRoutingConfiguration, required=True)
    )
    termination_wait_in_seconds: int | None = attrs.field(default=None, metadata=integer(0, 3600))
    maximum_execution_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(600, 28800)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class RollingUpdatePolicy(Spec):
    """Rolling deployment, which replaces a fleet in batches. Times are in seconds."""

    maximum_batch_size: CapacitySize | None = attrs.field(
        default=None, metadata=nested(CapacitySize, required=True)
    )
    wait_interval_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(0, 3600, required=True)
    )
    maximum_execution_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(600, 28800)
    )
    rollback_maximum_batch_size: CapacitySize | None = attrs.field(
        default=None, metadata=nested(CapacitySize)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class Alarm(Spec):
    """CloudWatch alarm that starts the rollback of a deployment."""

    alarm_name: str | None = attrs.field(
        default=None, metadata=string(max_length=255, pattern=patterns.ALARM_NAME, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class AutoRollbackConfiguration(Spec):
    """Rollback alarms of a deployment."""

    alarms: tuple[Alarm, ...] | None = attrs.field(
        default=None, metadata=nested_list(Alarm, min_items=1, max_items=10, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class DeploymentConfig(Spec):
    """Deployment of updates of the endpoint."""

    blue_green_update_policy: BlueGreenUpdatePolicy | None = attrs.field(
        default=None, metadata=nested(BlueGreenUpdatePolicy)
    )
    rolling_update_policy: RollingUpdatePolicy | None = attrs.field(
        default=None, metadata=nested(RollingUpdatePolicy)
    )
    auto_rollback_configuration: AutoRollbackConfiguration | None = attrs.field(
        default=None, metadata=nested(AutoRollbackConfiguration)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class VariantProperty(Spec):
    """Property of the variants that an update does not retain."""

    variant_property_type: str | None = attrs.field(
        default=None, metadata=choice(VariantPropertyType, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class EndpointSpec(Spec):
    """Endpoint in the shape of the API; independent of CDK.

    The three members on retained properties are part of an update request in the API; in
    CloudFormation they are properties of the resource.
    """

    endpoint_name: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME)
    )
    endpoint_config_name: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME, required=True),
    )
    deployment_config: DeploymentConfig | None = attrs.field(
        default=None, metadata=nested(DeploymentConfig)
    )
    tags: tuple[Tag, ...] | None = attrs.field(
        default=None, metadata=nested_list(Tag, min_items=0, max_items=50)
    )
    retain_all_variant_properties: bool | None = attrs.field(default=None, metadata=boolean())
    exclude_retained_variant_properties: tuple[VariantProperty, ...] | None = attrs.field(
        default=None, metadata=nested_list(VariantProperty, min_items=0, max_items=3)
    )
    retain_deployment_config: bool | None = attrs.field(default=None, metadata=boolean())


def retains_counts(endpoint: EndpointSpec) -> bool | None:
    """Return whether an update keeps the instance counts; ``None`` if that is unresolved."""
    retain: object = endpoint.retain_all_variant_properties
    if retain is None or retain is False:
        return False
    if retain is not True:
        return None
    excluded = endpoint.exclude_retained_variant_properties
    types = [
        each.variant_property_type
        for each in items_of(excluded)
        if isinstance(each, VariantProperty)
    ]
    if VariantPropertyType.DESIRED_INSTANCE_COUNT in types:
        return False
    is_known = excluded is None or (is_list(excluded) and len(types) == len(excluded))
    return True if is_known and all(map(is_resolved, types)) else None

"""An endpoint: everything ``AWS::SageMaker::Endpoint`` has.

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
    choice,
    flag,
    part,
    parts,
    text,
    whole,
)


@attrs.frozen(kw_only=True, repr=False)
class CapacitySize(Spec):
    """How much of a fleet one step of a deployment takes: instances, or a share in percent."""

    type: str | None = attrs.field(default=None, metadata=choice(CapacitySizeType, required=True))
    value: int | None = attrs.field(default=None, metadata=whole(1, required=True))


@attrs.frozen(kw_only=True, repr=False)
class TrafficRoutingConfiguration(Spec):
    """How the traffic moves to the new fleet. The wait between steps is in seconds.

    The API calls the wait required; AWS's own example of ``ALL_AT_ONCE`` has none.
    """

    type: str | None = attrs.field(default=None, metadata=choice(TrafficRoutingType, required=True))
    wait_interval_in_seconds: int | None = attrs.field(default=None, metadata=whole(0, 3600))
    canary_size: CapacitySize | None = attrs.field(default=None, metadata=part(CapacitySize))
    linear_step_size: CapacitySize | None = attrs.field(default=None, metadata=part(CapacitySize))


@attrs.frozen(kw_only=True, repr=False)
class BlueGreenUpdatePolicy(Spec):
    """A deployment with a second fleet of full size. Times are in seconds."""

    traffic_routing_configuration: TrafficRoutingConfiguration | None = attrs.field(
        default=None, metadata=part(TrafficRoutingConfiguration, required=True)
    )
    termination_wait_in_seconds: int | None = attrs.field(default=None, metadata=whole(0, 3600))
    maximum_execution_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=whole(600, 28800)
    )


@attrs.frozen(kw_only=True, repr=False)
class RollingUpdatePolicy(Spec):
    """A deployment that replaces a fleet batch by batch. Times are in seconds."""

    maximum_batch_size: CapacitySize | None = attrs.field(
        default=None, metadata=part(CapacitySize, required=True)
    )
    wait_interval_in_seconds: int | None = attrs.field(
        default=None, metadata=whole(0, 3600, required=True)
    )
    maximum_execution_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=whole(600, 28800)
    )
    rollback_maximum_batch_size: CapacitySize | None = attrs.field(
        default=None, metadata=part(CapacitySize)
    )


@attrs.frozen(kw_only=True, repr=False)
class Alarm(Spec):
    """A CloudWatch alarm that stops a deployment."""

    alarm_name: str | None = attrs.field(
        default=None, metadata=text(max_length=255, pattern=patterns.ALARM_NAME, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class AutoRollbackConfiguration(Spec):
    """The alarms that a deployment is rolled back for."""

    alarms: tuple[Alarm, ...] | None = attrs.field(
        default=None, metadata=parts(Alarm, min_items=1, max_items=10, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class DeploymentConfig(Spec):
    """How an update of the endpoint is carried out."""

    blue_green_update_policy: BlueGreenUpdatePolicy | None = attrs.field(
        default=None, metadata=part(BlueGreenUpdatePolicy)
    )
    rolling_update_policy: RollingUpdatePolicy | None = attrs.field(
        default=None, metadata=part(RollingUpdatePolicy)
    )
    auto_rollback_configuration: AutoRollbackConfiguration | None = attrs.field(
        default=None, metadata=part(AutoRollbackConfiguration)
    )


@attrs.frozen(kw_only=True, repr=False)
class VariantProperty(Spec):
    """One thing that an update takes from the configuration although the others are kept."""

    variant_property_type: str | None = attrs.field(
        default=None, metadata=choice(VariantPropertyType, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class EndpointSpec(Spec):
    """What an endpoint is, with no CDK in sight.

    The three members about what is retained are those of an update; CloudFormation has them
    beside the others.
    """

    endpoint_name: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME)
    )
    endpoint_config_name: str | None = attrs.field(
        default=None,
        metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME, required=True),
    )
    deployment_config: DeploymentConfig | None = attrs.field(
        default=None, metadata=part(DeploymentConfig)
    )
    tags: tuple[Tag, ...] | None = attrs.field(
        default=None, metadata=parts(Tag, min_items=0, max_items=50)
    )
    retain_all_variant_properties: bool | None = attrs.field(default=None, metadata=flag())
    exclude_retained_variant_properties: tuple[VariantProperty, ...] | None = attrs.field(
        default=None, metadata=parts(VariantProperty, min_items=0, max_items=3)
    )
    retain_deployment_config: bool | None = attrs.field(default=None, metadata=flag())

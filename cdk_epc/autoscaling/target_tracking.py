"""Target tracking: policies that keep a metric near a target value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypedDict

import attrs

from cdk_epc._records import Record
from cdk_epc.autoscaling.scaling_policy import (
    ScalableTargetInternals,
    ScalingPolicy,
    add_policy,
    named_part,
    new_policy_state,
)
from cdk_epc.catalog.instances import InstanceType
from cdk_epc.catalog.metrics import Per
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.convert import seconds
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.rules.call_errors import SCALING_MACHINE, SCALING_TARGET
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import Path, ProductionVariant
from cdk_epc.spec.endpoint_config import instance_types_of
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    PolicyType,
    PredefinedMetric,
    PredefinedMetricSpecification,
    ScalableTargetSpec,
    TargetTrackingConfiguration,
)
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk import Duration


_CONFIGURATION: Final = "target_tracking_scaling_policy_configuration"
_TARGET_VALUE: Final[Path] = (_CONFIGURATION, "target_value")
CUSTOMIZED_METRIC: Final[Path] = (_CONFIGURATION, "customized_metric_specification")
"""Path of a customized metric in the spec of a policy."""

SAFETY_FACTOR: Final = 0.5
"""Initial safety factor that AWS recommends (developer guide, ``endpoint-scaling-loadtest``)."""


class TrackingOptions(TypedDict, total=False):
    """Options of every target tracking policy.

    Attributes:
        scale_in_cooldown: Time between two scale-in activities; 300 seconds by default.
        scale_out_cooldown: Time between two scale-out activities; 300 seconds by default.
        disable_scale_in: Whether the policy only adds capacity; false by default.
        policy_name: Name of the policy; by default one from the construct path.
        acknowledge: Reasons by the id of the rule whose findings about the policy are
            acknowledged.
    """

    scale_in_cooldown: Duration | None
    scale_out_cooldown: Duration | None
    disable_scale_in: bool | None
    policy_name: str | None
    acknowledge: Mapping[str, str] | None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TrackingSettings(Record):
    """Values of `TrackingOptions`, defaults included."""

    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None
    disable_scale_in: bool | None = None
    policy_name: str | None = None
    acknowledge: Mapping[str, str] | None = None

    @classmethod
    def of(cls, options: TrackingOptions) -> TrackingSettings:
        """Return the settings of these options."""
        return cls(**options)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TargetValue(Record):
    """Value that a policy keeps a metric near.

    Attributes:
        value: The value, in the unit of the metric.
        argument: The argument that supplied it, with its factors.
    """

    value: float
    argument: str = "target"


def add_tracking_policy(  # noqa: PLR0913, PLR0917 - the parts of a policy
    target: ScalableTargetInternals,
    id: str,
    call: str,
    metric: PredefinedMetric | CustomizedMetricSpecification,
    target_value: TargetValue,
    settings: TrackingSettings,
    own_metrics: frozenset[Path] = frozenset({CUSTOMIZED_METRIC}),
) -> ScalingPolicy:
    """Create a target tracking policy.

    Args:
        target: The target of the policy.
        id: Id of the policy among those of the target.
        call: The call, as messages name it.
        metric: The tracked metric.
        target_value: Value to keep the metric near.
        settings: Options of the policy.
        own_metrics: Paths of the customized metrics that belong to the scaled resource.

    Raises:
        EndpointConfigError: The target already has a policy of this id, or the policy violates a
            rule.
    """
    site = CallSite.current()
    state = new_policy_state(target, id, call, settings.acknowledge, site)
    supplied_parts = [
        SuppliedPart(_TARGET_VALUE, f"{call}.{target_value.argument}", target_value.value, site),
        SuppliedPart(
            (_CONFIGURATION, "disable_scale_in"),
            f"{call}.disable_scale_in",
            settings.disable_scale_in,
            site,
        ),
    ]
    cooldowns: dict[str, int] = {}
    for name in ("scale_in_cooldown", "scale_out_cooldown"):
        if (cooldown := getattr(settings, name)) is not None:
            part = SuppliedPart((_CONFIGURATION, name), f"{call}.{name}", cooldown, site)
            supplied_parts.append(part)
            cooldowns[name] = state.convert(part, seconds)
    predefined = (
        PredefinedMetricSpecification(predefined_metric_type=metric.value)
        if isinstance(metric, PredefinedMetric)
        else None
    )
    configuration = TargetTrackingConfiguration(
        predefined_metric_specification=predefined,
        customized_metric_specification=None if isinstance(metric, PredefinedMetric) else metric,
        target_value=target_value.value,
        disable_scale_in=settings.disable_scale_in,
        **cooldowns,
    )
    return add_policy(
        target,
        id,
        state,
        policy_type=PolicyType.TARGET_TRACKING,
        configuration={_CONFIGURATION: configuration},
        supplied_parts=[*supplied_parts, named_part(call, settings.policy_name, site)],
        policy_name=settings.policy_name,
        own_metrics=own_metrics if predefined is None else (),
    )


def invocations_target(
    state: ResourceState[ScalableTargetSpec],
    call: str,
    *,
    target: float | None,
    max_requests_per_second: float | None,
    safety_factor: float,
) -> TargetValue:
    """Return the target value for invocations of each instance or copy, in requests a minute.

    Raises:
        EndpointConfigError: The caller passed both `target` and `max_requests_per_second`, or
            neither.
    """
    if max_requests_per_second is not None and target is None:
        return TargetValue(
            value=_product(max_requests_per_second, safety_factor, 60),
            argument=f"max_requests_per_second * {safety_factor} * 60",
        )
    return _only_target(state, call, target=target, max_requests_per_second=max_requests_per_second)


def utilization_target(  # noqa: PLR0913 - the arguments of the call
    state: ResourceState[ScalableTargetSpec],
    call: str,
    *,
    percent: float | None,
    target: float | None,
    per: Per,
    variant: ProductionVariant,
) -> TargetValue:
    """Return the target value for the utilization of vCPUs or GPUs, as CloudWatch counts it.

    Raises:
        EndpointConfigError: The caller passed both `percent` and `target`, or neither; or the
            number of vCPUs or GPUs is unknown or differs among instance pools.
    """
    if percent is None or target is not None:
        return _only_target(state, call, percent=percent, target=target)
    if variant.serverless_config is not None:
        # Serverless variants publish no utilization, which is a finding of another rule.
        return TargetValue(value=percent, argument="percent")
    types = [name for _, name in instance_types_of((), variant)]
    counts = {_count(each, per) for each in types}
    count = counts.pop() if len(counts) == 1 else None
    if count is None:
        violation = Violation(
            path=_TARGET_VALUE,
            got=Words(percent),
            not_allowed=f"because {_unknown_count(types, per)}",
            fix=f"Pass `target` instead, in percent of one {per}: 60 percent of 4 {per}s is 240.",
        )
        state.raise_call_error(SCALING_MACHINE, violation, f"{call}.percent", CallSite.current())
    return TargetValue(value=_product(percent, count), argument=f"percent * {count}")


def _only_target(
    state: ResourceState[ScalableTargetSpec], call: str, **arguments: float | None
) -> TargetValue:
    """Return the value of ``target``, which must be the only argument that has one."""
    target = arguments["target"]
    given = [name for name, value in arguments.items() if value is not None]
    if target is None or len(given) > 1:
        first, second = arguments
        violation = Violation(
            path=_TARGET_VALUE,
            got=Words(
                f"called with both {first} and {second}"
                if given
                else f"called with neither {first} nor {second}"
            ),
            must="be called with one of them",
            fix=f"Pass either {first} or {second}.",
        )
        state.raise_call_error(SCALING_TARGET, violation, call, CallSite.current())
    return TargetValue(value=target)


def _count(name: str, per: Per) -> int | None:
    """Return the number of vCPUs or GPUs of an instance type; ``None`` if it is unknown."""
    instance_type = InstanceType.of(name)
    if per is Per.VCPU:
        return instance_type.vcpus
    # A type without GPUs publishes no utilization of them, which is a finding of another rule.
    return 1 if instance_type.gpus == 0 else instance_type.gpus


def _unknown_count(types: list[str], per: Per) -> str:
    """Return the reason for which there is no single number of vCPUs or GPUs."""
    unknown = [name for name in types if _count(name, per) is None]
    if not types:
        return f"the instance type is unknown, and with it the number of {per}s"
    if unknown:
        return f"the number of {per}s of {' and '.join(unknown)} is unknown"
    return f"{' and '.join(types)} have different numbers of {per}s"


def _product(*factors: Any) -> Any:  # noqa: ANN401 - any argument
    """Return the product; the first factor that is a token or no number, for a rule to report."""
    for factor in factors:
        if not isinstance(factor, (int, float)) or is_unresolved(factor):
            return factor
    return round(math.prod(factors), 9)  # 0.1 * 3 is 0.30000000000000004

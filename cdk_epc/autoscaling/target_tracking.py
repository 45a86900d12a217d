"""How a policy keeps a metric near a value: what all such policies can be given."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypedDict

import attrs

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.catalog.metrics import Per
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.convert import seconds
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.rules.call_errors import SCALING_MACHINE, SCALING_TARGET
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import Path, ProductionVariant
from cdk_epc.spec.endpoint_config import types_of
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    PredefinedMetricSpecification,
    ScalingPolicySpec,
    TargetTrackingConfiguration,
)
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk import Duration

    from cdk_epc.constructs.call_sites import CallSite
    from cdk_epc.constructs.resource_state import ResourceState
    from cdk_epc.spec.scaling import ScalableTargetSpec


AT: Final[Path] = ("target_tracking_scaling_policy_configuration",)
"""Where a policy has what it tracks."""
METRIC: Final[Path] = (*AT, "customized_metric_specification")
"""Where it has a metric that it does not know by name."""


class TrackingOptions(TypedDict, total=False):
    """What every policy that tracks a target can be given.

    Attributes:
        scale_in_cooldown: How long nothing more is taken away after something was; 300 seconds by
            default.
        scale_out_cooldown: How long to wait for what was added before more is; 300 seconds by
            default.
        disable_scale_in: Whether the policy only ever adds; false by default.
        acknowledge: By the id of a rule, why its findings about the policy may stay.
    """

    scale_in_cooldown: Duration | None
    scale_out_cooldown: Duration | None
    disable_scale_in: bool | None
    acknowledge: Mapping[str, str] | None


@attrs.frozen(kw_only=True)
class Tracking:
    """What a call said about how to track; the attributes are those of `TrackingOptions`."""

    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None
    disable_scale_in: bool | None = None
    acknowledge: Mapping[str, str] | None = None


@attrs.frozen(kw_only=True)
class Target:
    """The value that a metric is kept near, and how it was given.

    Attributes:
        value: It, in the metric's own unit.
        argument: The argument that it comes from, and how.
    """

    value: float
    argument: str = "target"


def tracks(  # noqa: PLR0913, PLR0917 - a policy, with who wrote it
    state: ResourceState[ScalingPolicySpec],
    metric: PredefinedMetricSpecification | CustomizedMetricSpecification,
    target: Target,
    how: Tracking,
    title: str,
    site: CallSite | None,
) -> tuple[TargetTrackingConfiguration, list[SuppliedPart]]:
    """A policy's configuration and who gave which part of it.

    Raises:
        EndpointConfigError: A cooldown is no duration.
    """
    supplied_parts = [
        SuppliedPart((*AT, "target_value"), f"{title}.{target.argument}", target.value, site),
        SuppliedPart(
            (*AT, "disable_scale_in"), f"{title}.disable_scale_in", how.disable_scale_in, site
        ),
    ]
    cooldowns: dict[str, int] = {}
    for name in ("scale_in_cooldown", "scale_out_cooldown"):
        if (cooldown := getattr(how, name)) is not None:
            supplied_part = SuppliedPart((*AT, name), f"{title}.{name}", cooldown, site)
            supplied_parts.append(supplied_part)
            cooldowns[name] = state.convert(supplied_part, seconds)
    by_name = metric if isinstance(metric, PredefinedMetricSpecification) else None
    return TargetTrackingConfiguration(
        predefined_metric_specification=by_name,
        customized_metric_specification=None
        if isinstance(metric, PredefinedMetricSpecification)
        else metric,
        target_value=target.value,
        disable_scale_in=how.disable_scale_in,
        **cooldowns,
    ), supplied_parts


SAFETY_FACTOR: Final = 0.5
"""What AWS recommends to begin with (developer guide, endpoint-scaling-loadtest)."""
_PLACE: Final = (*AT, "target_value")


def invocations(  # noqa: PLR0913 - what was given, and where
    state: ResourceState[ScalableTargetSpec],
    title: str,
    site: CallSite | None,
    *,
    target: float | None,
    max_requests_per_second: float | None,
    safety_factor: float,
) -> Target:
    """The target of invocations per instance or copy: CloudWatch counts them by the minute.

    Raises:
        EndpointConfigError: It was given in both ways, or in none.
    """
    if max_requests_per_second is not None and target is None:
        return Target(
            value=_product(max_requests_per_second, safety_factor, 60),
            argument=f"max_requests_per_second, times {safety_factor}, times 60,",
        )
    names = ("target", "max_requests_per_second")
    return _the_one(state, title, site, target, names, max_requests_per_second)


def _the_one(  # noqa: PLR0913, PLR0917 - what was given, and where
    state: ResourceState[ScalableTargetSpec],
    title: str,
    site: CallSite | None,
    target: float | None,
    names: tuple[str, str],
    other: float | None,
) -> Target:
    if target is None or other is not None:
        violation = Violation(
            path=_PLACE,
            got=Words("both" if other is not None else "neither"),
            must="be  or ".join(names),
            fix="Give one of the two.",
        )
        state.raise_call_error(SCALING_TARGET, violation, title, site)
    return Target(value=target)


def utilization(  # noqa: PLR0913 - what was given, and where
    state: ResourceState[ScalableTargetSpec],
    title: str,
    site: CallSite | None,
    *,
    target: float | None,
    percent: float | None,
    per: Per,
    variant: ProductionVariant,
) -> Target:
    """The target of what is used of the vCPUs or GPUs, as CloudWatch counts it.

    Raises:
        EndpointConfigError: It was given in both ways or in none, or how many of them there are is
            not known, or differs among instance pools.
    """
    if percent is None or target is not None:
        return _the_one(state, title, site, target, ("percent", "target"), percent)
    if variant.serverless_config is not None:
        return Target(value=percent, argument="percent")  # nothing is published of its machines
    types = [name for _, name in types_of((), variant)]
    counts = {_count(each, per) for each in types}
    count = counts.pop() if len(counts) == 1 else None
    if count is None:
        violation = Violation(
            path=_PLACE,
            got=Words(f"{percent} percent of {' or '.join(types) or 'a type that is not known'}"),
            must=f"be instance types of which the number of {per}s is known, and the same for all",
            fix=f"Give target instead, in percent of one {per}: 60 percent of 4 are 240.",
        )
        state.raise_call_error(SCALING_MACHINE, violation, f"{title}.percent", site)
    return Target(value=_product(percent, count), argument=f"percent, times {count},")


def _count(name: str, per: Per) -> int | None:
    """How many vCPUs or GPUs a type has; ``None`` where that is not known, or where it has none."""
    known = InstanceType.of(name)
    if per is Per.VCPU:
        return known.vcpus
    # Without a GPU nothing is published, which is for the rule about that to say.
    return 1 if known.gpus == 0 else known.gpus


def _product(*factors: Any) -> Any:  # noqa: ANN401 - whatever was given
    """What is not known, or no number, stays what it is: nobody can work with that here."""
    for each in factors:
        if not isinstance(each, (int, float)) or is_unresolved(each):
            return each
    return round(math.prod(factors), 9)  # 0.1 times 3 is no 0.30000000000000004 in a template

"""How a policy keeps a metric near a value: what all such policies can be given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypedDict

import attrs

from cdk_epc.constructs.call_sites import CallSite, Piece
from cdk_epc.constructs.convert import seconds
from cdk_epc.constructs.resource_state import Draft
from cdk_epc.spec import Path
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    PredefinedMetricSpecification,
    ScalingPolicySpec,
    TargetTrackingConfiguration,
)

if TYPE_CHECKING:
    from aws_cdk import Duration

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
    draft: Draft[ScalingPolicySpec],
    metric: PredefinedMetricSpecification | CustomizedMetricSpecification,
    target: Target,
    how: Tracking,
    title: str,
    site: CallSite | None,
) -> tuple[TargetTrackingConfiguration, list[Piece]]:
    """A policy's configuration and who gave which part of it.

    Raises:
        EndpointConfigError: A cooldown is no duration.
    """
    pieces = [
        Piece((*AT, "target_value"), f"{title}.{target.argument}", target.value, site),
        Piece((*AT, "disable_scale_in"), f"{title}.disable_scale_in", how.disable_scale_in, site),
    ]
    cooldowns: dict[str, int] = {}
    for name in ("scale_in_cooldown", "scale_out_cooldown"):
        if (cooldown := getattr(how, name)) is not None:
            piece = Piece((*AT, name), f"{title}.{name}", cooldown, site)
            pieces.append(piece)
            cooldowns[name] = draft.lowered(piece, seconds)
    by_name = metric if isinstance(metric, PredefinedMetricSpecification) else None
    return TargetTrackingConfiguration(
        predefined_metric_specification=by_name,
        customized_metric_specification=None
        if isinstance(metric, PredefinedMetricSpecification)
        else metric,
        target_value=target.value,
        disable_scale_in=how.disable_scale_in,
        **cooldowns,
    ), pieces

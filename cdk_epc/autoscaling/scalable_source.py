"""Scalable source: description of the resource that a scalable target scales."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import attrs
from constructs import Construct

from cdk_epc._records import Record
from cdk_epc.spec.scaling import ScalableDimension, ScalableTargetSpec, ScalingPolicySpec

if TYPE_CHECKING:
    from cdk_epc.autoscaling.scale_from_zero import NoCapacityMetric
    from cdk_epc.spec.context import ScalableTargetContext


@attrs.frozen(kw_only=True, eq=False)
class ScalableSource:
    """Resource whose capacity Application Auto Scaling changes.

    `own_dimensions` and `no_capacity_metric` are functions because the names that they return are
    references, each of which costs a call into Node, and few scalable targets need them.

    Attributes:
        scope: Construct of the resource, which contains the scalable target.
        id: Construct id of the scalable target.
        resource_id: ``ResourceId`` of the scalable target. It is a reference, so that
            CloudFormation creates the target after the resource.
        dimension: The scaled capacity.
        label: Name of the resource in messages, for example ``variant 'main'``.
        context: Function from the target and its policies (``None`` if unknown) to these with the
            related resources, for the rules.
        own_dimensions: Function that returns the dimensions of the resource's own metrics: the
            possible values by dimension name.
        no_capacity_metric: Function that returns the metric of requests that find no capacity;
            ``None`` for a resource that cannot scale to zero.
    """

    scope: Construct
    id: str
    resource_id: str
    dimension: ScalableDimension
    label: str
    context: Callable[
        [ScalableTargetSpec, tuple[ScalingPolicySpec, ...] | None], ScalableTargetContext
    ]
    own_dimensions: Callable[[], Mapping[str, tuple[str, ...]]]
    no_capacity_metric: Callable[[], NoCapacityMetric] | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AutoScaleArguments(Record):
    """Arguments of a call of ``auto_scale``, under their own names."""

    min_capacity: int
    max_capacity: int
    scale_from_zero: bool | None = None
    acknowledge: Mapping[str, str] | None = None

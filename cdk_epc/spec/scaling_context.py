"""Scalable target and scaling policy with their related resources."""

from __future__ import annotations

from typing import ClassVar

import attrs

from cdk_epc.spec.component import InferenceComponentSpec
from cdk_epc.spec.context import ConfigContext, Context
from cdk_epc.spec.fields import Path
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScalableTargetContext(Context):
    """Scalable target with the variant or the inference component that it scales.

    Attributes:
        target: Spec of the scalable target.
        logical_id: Logical id of the scalable target.
        config: Configuration of the endpoint whose variant is scaled, if it is known.
        variant: Path of that variant in the configuration: ``("production_variants", 0)``.
        component: Inference component whose copies are scaled, if it is known.
        policies: Scaling policies of the target; ``None`` if there may be others.
        is_dependent: Whether the target depends on the endpoint or the component.
        similar_endpoint_name: Name of an endpoint that differs from the one in the resource id in
            letter case only.
        resource_id_has_arn: Whether the resource id contains an ARN in the place of a name.
        resource_id_has_config: Whether the resource id contains the name of a configuration, which
            surely is not that of the endpoint.
        resource_id_parts: Texts of the resource id in a template, with ``None`` for each part that
            is not known; empty where the whole is not known.
        earlier_target: Logical id of an earlier target of the same resource and dimension.
    """

    ROOT: ClassVar = ScalableTargetSpec

    target: ScalableTargetSpec
    logical_id: str
    config: ConfigContext | None = None
    variant: Path | None = None
    component: InferenceComponentSpec | None = None
    policies: tuple[ScalingPolicySpec, ...] | None = None
    is_dependent: bool = True
    similar_endpoint_name: str | None = None
    resource_id_has_arn: bool = False
    resource_id_has_config: bool = False
    resource_id_parts: tuple[str | None, ...] = ()
    earlier_target: str | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScalingPolicyContext(Context):
    """Scaling policy with its scalable target.

    Attributes:
        policy: Spec of the policy.
        target: Scalable target of the policy, if it is known.
        own_metrics: Paths of the metrics whose dimensions name the scaled endpoint or component:
            ``("target_tracking_scaling_policy_configuration", "customized_metric_specification")``
            or, below that, ``("metrics", 0, "metric_stat", "metric")``.
        is_dependent: Whether the policy depends on the scalable target.
    """

    ROOT: ClassVar = ScalingPolicySpec

    policy: ScalingPolicySpec
    target: ScalableTargetContext | None = None
    own_metrics: frozenset[Path] = frozenset()
    is_dependent: bool = True

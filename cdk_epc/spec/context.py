"""A configuration, an endpoint or a component, with what stands around it in its template or app.

Rules that need a neighbour are about these. What is not in sight is absent here, and then such a
rule finds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs

from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.component import InferenceComponentSpec
from cdk_epc.spec.endpoint import EndpointSpec
from cdk_epc.spec.endpoint_config import EndpointConfigSpec
from cdk_epc.spec.fields import Path, Spec
from cdk_epc.spec.model import ModelSpec
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.variants import ProductionVariant


@attrs.frozen(kw_only=True)
class ReferencedModel:
    """A model that a configuration names.

    Attributes:
        model: It.
        logical_id: Its logical id.
        is_created_first: Whether the configuration waits for it, by a reference or ``DependsOn``.
    """

    model: ModelSpec
    logical_id: str
    is_created_first: bool = True


@attrs.frozen(kw_only=True)
class RolePolicies:
    """An execution role of which every policy is in sight.

    A role with managed policies, or with a statement that cannot be read, is not one of these.

    Attributes:
        logical_id: Its logical id.
        allowed: The actions that some statement allows, in lower case; ``*`` and ``?`` are IAM's
            wildcards.
    """

    logical_id: str
    allowed: frozenset[str]


@attrs.frozen(kw_only=True)
class KnownRole:
    """An execution role in sight, whether all of its policies are or not.

    Attributes:
        logical_id: Its logical id.
        managed_policies: The names of AWS's managed policies on it, as far as they are known.
    """

    logical_id: str
    managed_policies: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class ModelContext:
    """A model with what is known of who runs it, and as whom.

    Attributes:
        model: It.
        variants: The variants of configurations in sight that run it.
        execution_role: Its role, if that is in sight.
    """

    model: ModelSpec
    variants: tuple[ProductionVariant, ...] = ()
    execution_role: KnownRole | None = None

    def is_serverless(self) -> bool:
        """Whether a serverless variant runs it."""
        return any(each.serverless_config is not None for each in self.variants)


@attrs.frozen(kw_only=True)
class ReferencedAlarm:
    """An alarm that a deployment is rolled back for.

    Attributes:
        logical_id: Its logical id.
        waits_for: Whether it waits for what it is to roll back, by whatever it refers to, so that
            neither can be made first.
    """

    logical_id: str
    waits_for: bool = False


@attrs.frozen(kw_only=True)
class ReferencedPolicy:
    """A policy of an execution role, which is a resource of its own.

    Attributes:
        logical_id: Its logical id.
        role: The logical id of the role.
        is_awaited: Whether the endpoint waits for it, by whatever it refers to or ``DependsOn``.
    """

    logical_id: str
    role: str
    is_awaited: bool = True


@attrs.frozen(kw_only=True)
class ReferencedTarget:
    """A target of Application Auto Scaling on a variant.

    Attributes:
        logical_id: Its logical id.
        dimension: Its ``ScalableDimension``, if that is known.
        min_capacity: Its ``MinCapacity``, if that is known.
    """

    logical_id: str
    dimension: str | None = None
    min_capacity: int | None = None


@attrs.frozen(kw_only=True)
class ConfigContext:
    """A configuration with what is known of what stands around it.

    Attributes:
        config: It.
        region: The region it is deployed to, where that is known.
        models: The models that it names, by the place of the name: ``("production_variants", 0,
            "model_name")``, or that of a pool's override.
        roles: The execution roles by the place of the variant that runs with each.
        imported_models: The places of those whose names are exports of other stacks.
        execution_role: The role of the configuration itself, if that is in sight.
        scaled: The scalable targets by the place of the variant: ``("production_variants", 0)``.
        serverless_before: Serverless variants of the configurations before this one in the same
            app, region and account.
        concurrency_before: The sum of their greatest concurrencies.
    """

    config: EndpointConfigSpec
    region: str | None = None
    models: Mapping[Path, ReferencedModel] = attrs.Factory(dict[Path, ReferencedModel])
    imported_models: frozenset[Path] = frozenset()
    roles: Mapping[Path, RolePolicies] = attrs.Factory(dict[Path, RolePolicies])
    execution_role: KnownRole | None = None
    scaled: Mapping[Path, ReferencedTarget] = attrs.Factory(dict[Path, ReferencedTarget])
    serverless_before: int = 0
    concurrency_before: int = 0


@attrs.frozen(kw_only=True)
class EndpointContext:
    """An endpoint with what is known of what stands around it.

    Attributes:
        endpoint: It.
        config: Its configuration in place, if that stands in the same template or app.
        other_names: The names of the other endpoints of the same app, region and account.
        alarms: The alarms in sight that a deployment is rolled back for, by the place of the name:
            ``("deployment_config", "auto_rollback_configuration", "alarms", 0, "alarm_name")``.
        policies: The policies in the same template of the roles that its variants run with.
        is_config_imported: Whether its configuration stands in another stack, and its name is an
            export of that.
        may_be_scaled: Whether some scalable target in sight may be on one of its variants, too, for
            all that is known of what that target scales.
    """

    endpoint: EndpointSpec
    config: ConfigContext | None = None
    other_names: frozenset[str] = frozenset()
    alarms: Mapping[Path, ReferencedAlarm] = attrs.Factory(dict[Path, ReferencedAlarm])
    policies: tuple[ReferencedPolicy, ...] = ()
    is_config_imported: bool = False
    may_be_scaled: bool = False


@attrs.frozen(kw_only=True)
class AlarmContext:
    """An alarm on a metric of SageMaker with what is known of the endpoints that it watches.

    Attributes:
        alarm: It.
        endpoints: The endpoints in sight by the place of the dimension that names each:
            ``("dimensions", 0, "value")``, or that below a metric of several.
        spelt: The names of endpoints in sight that differ from such a dimension in capitals alone,
            by its place.
    """

    alarm: AlarmSpec
    endpoints: Mapping[Path, EndpointContext] = attrs.Factory(dict[Path, EndpointContext])
    spelt: Mapping[Path, str] = attrs.Factory(dict[Path, str])


@attrs.frozen(kw_only=True)
class InferenceComponentContext:
    """An inference component with what is known of what stands around it.

    Attributes:
        component: It.
        endpoint: Its endpoint, if that stands in the same template or app.
        config: The configuration of that endpoint in place, if it stands there, too.
        base: The component that an adapter is loaded into, if that is in sight.
        models: The models that it names, by the place of the name: ``("specification",
            "model_name")``, or that of one of its ``specifications``.
        imported_models: The places of those whose names are exports of other stacks.
        scaled: The scalable target on its copies.
        is_created_after_endpoint: Whether it waits for the endpoint, by a reference or
            ``DependsOn``.
        is_created_after_base: Whether it waits for its base, in the same way.
        alarms: The alarms in sight that a deployment is rolled back for, by the place of the name.
        spelt: The name of an endpoint in sight that differs from its endpoint's in capitals alone.
    """

    component: InferenceComponentSpec
    endpoint: EndpointSpec | None = None
    config: ConfigContext | None = None
    base: InferenceComponentSpec | None = None
    models: Mapping[Path, ReferencedModel] = attrs.Factory(dict[Path, ReferencedModel])
    imported_models: frozenset[Path] = frozenset()
    scaled: ReferencedTarget | None = None
    is_created_after_endpoint: bool = True
    is_created_after_base: bool = True
    alarms: Mapping[Path, ReferencedAlarm] = attrs.Factory(dict[Path, ReferencedAlarm])
    spelt: str | None = None


@attrs.frozen(kw_only=True)
class ScalableTargetContext:
    """A target of Application Auto Scaling with what is known of what it scales.

    Attributes:
        target: It.
        logical_id: Its logical id.
        config: The configuration in place of the endpoint whose variant it scales, if in sight.
        variant: The place of that variant in the configuration: ``("production_variants", 0)``.
        component: The inference component whose copies it scales, if that is in sight.
        policies: Its policies; ``None`` where some may be out of sight.
        is_created_after: Whether it waits for the endpoint or the component, by a reference or
            ``DependsOn``.
        spelt: The name of an endpoint in sight that differs from the one that is scaled in capitals
            alone.
        is_by_arn: Whether it has the ARN of what it scales where the name belongs.
    """

    target: ScalableTargetSpec
    logical_id: str
    config: ConfigContext | None = None
    variant: Path | None = None
    component: InferenceComponentSpec | None = None
    policies: tuple[ScalingPolicySpec, ...] | None = None
    is_created_after: bool = True
    spelt: str | None = None
    is_by_arn: bool = False


@attrs.frozen(kw_only=True)
class ScalingPolicyContext:
    """A policy of Application Auto Scaling with the target that it is for.

    Attributes:
        policy: It.
        scaling: The target in place, if that is in sight.
        own: The metrics of the very endpoint or component that is scaled, by their places:
            ``("target_tracking_scaling_policy_configuration", "customized_metric_specification")``
            itself, or below that ``("metrics", 0, "metric_stat", "metric")``.
        is_created_after: Whether it waits for the target, by a reference or ``DependsOn``.
    """

    policy: ScalingPolicySpec
    scaling: ScalableTargetContext | None = None
    own: frozenset[Path] = frozenset()
    is_created_after: bool = True


Subject: TypeAlias = (
    EndpointConfigSpec
    | ModelSpec
    | EndpointSpec
    | InferenceComponentSpec
    | ConfigContext
    | EndpointContext
    | InferenceComponentContext
    | ModelContext
    | AlarmContext
    | ScalableTargetSpec
    | ScalingPolicySpec
    | ScalableTargetContext
    | ScalingPolicyContext
)
"""What a rule can be about."""

ROOTS: Final[Mapping[type, type[Spec]]] = {
    EndpointConfigSpec: EndpointConfigSpec,
    ModelSpec: ModelSpec,
    EndpointSpec: EndpointSpec,
    InferenceComponentSpec: InferenceComponentSpec,
    ConfigContext: EndpointConfigSpec,
    EndpointContext: EndpointSpec,
    InferenceComponentContext: InferenceComponentSpec,
    ModelContext: ModelSpec,
    AlarmContext: AlarmSpec,
    ScalableTargetSpec: ScalableTargetSpec,
    ScalingPolicySpec: ScalingPolicySpec,
    ScalableTargetContext: ScalableTargetSpec,
    ScalingPolicyContext: ScalingPolicySpec,
}
"""The class that the path of a fault starts from, for each kind of subject."""

"""Resources with their related resources: the subjects of rules across resources.

A related resource is one of the same template or app that the resource refers to, or that refers
to it. A related resource that is not known is left out, and the rules that need it find nothing.

A dependency is a resource that CloudFormation creates first, because of a reference or
``DependsOn``.

Values that an app would ask Node for, and that few rules read, can be given as functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.spec.alarm import AlarmSpec, CompositeAlarmSpec
from cdk_epc.spec.component import InferenceComponentSpec
from cdk_epc.spec.endpoint import EndpointSpec
from cdk_epc.spec.endpoint_config import EndpointConfigSpec
from cdk_epc.spec.fields import Path, Spec, names_given_in
from cdk_epc.spec.kept import kept
from cdk_epc.spec.model import ModelSpec
from cdk_epc.spec.network import SubnetRoutes
from cdk_epc.spec.role import Role
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.variants import ProductionVariant


@attrs.frozen(kw_only=True)
class ReferencedModel:
    """Model that a configuration or an inference component names.

    Attributes:
        model: Spec of the model.
        logical_id: Logical id of the model; in an app its path.
        is_dependency: Whether the referring resource depends on the model.
    """

    model: ModelSpec
    _logical_id: str | Callable[[], str] = attrs.field(alias="logical_id")
    is_dependency: bool = True

    @property
    def logical_id(self) -> str:
        """Logical id of the model; in an app its path."""
        return self._logical_id() if callable(self._logical_id) else self._logical_id


@attrs.frozen(kw_only=True)
class ModelContext:
    """Model with its variants, its role and its network.

    Attributes:
        model: Spec of the model.
        variants: Variants that name the model; a template is searched when they are first read.
        execution_role: Execution role of the model, if it is known.
        earlier_models: Models before this one in the app that have the same role, without their
            related resources.
        region: Region of the deployment, if it is known; a function is called when a rule reads it.
        account: Account of the deployment, if it is known; likewise.
        bucket_regions: Regions of the buckets of the app by name, as far as they are known.
        texts: ARN of the role, images and model data by the path of the value, with ``*`` for
            unknown parts: ``("primary_container", "image")``.
        data_keys: Logical ids of KMS keys by the path of the model data that they encrypt, if the
            policy of the key leaves it to IAM who can use the key.
        has_bucket_policy: Whether the policy of a bucket names the role.
        subnets: Subnets of the model; ``None`` if the routes of one of them are unknown.
        data_regions: Functions that return the region of the bucket with the model data of a
            container, if the bucket is a construct, by the path of the container.
    """

    model: ModelSpec
    variants: Sequence[ProductionVariant] = ()
    execution_role: Role | None = None
    earlier_models: Sequence[ModelContext] = ()
    _region: str | Callable[[], str | None] | None = attrs.field(default=None, alias="region")
    _account: str | Callable[[], str | None] | None = attrs.field(default=None, alias="account")
    bucket_regions: Mapping[str, str] = attrs.Factory(dict[str, str])
    texts: Mapping[Path, str] = attrs.Factory(dict[Path, str])
    data_keys: Mapping[Path, str] = attrs.Factory(dict[Path, str])
    has_bucket_policy: bool = False
    subnets: tuple[SubnetRoutes, ...] | None = None
    data_regions: Mapping[Path, Callable[[], str | None]] = attrs.Factory(
        dict[Path, Callable[[], str | None]]
    )

    @property
    def region(self) -> str | None:
        """Region of the deployment, if it is known."""
        return self._region() if callable(self._region) else self._region

    @property
    def account(self) -> str | None:
        """Account of the deployment, if it is known."""
        return self._account() if callable(self._account) else self._account

    def is_serverless(self) -> bool:
        """Return whether a serverless variant names the model."""
        return any(each.serverless_config is not None for each in self.variants)


@attrs.frozen(kw_only=True)
class ReferencedAlarm:
    """Alarm of the rollback configuration of a deployment.

    Attributes:
        logical_id: Logical id of the alarm.
        is_dependent: Whether the alarm depends on the deployed endpoint or component, so that
            neither of the two can be created first.
        composite: The alarm, if it is a composite alarm.
    """

    logical_id: str
    is_dependent: bool = False
    composite: CompositeAlarmSpec | None = None


@attrs.frozen(kw_only=True)
class ReferencedPolicy:
    """IAM policy, a separate resource, of an execution role.

    Attributes:
        logical_id: Logical id of the policy.
        role: Logical id of the role.
        is_dependency: Whether the endpoint depends on the policy.
    """

    logical_id: str
    role: str
    is_dependency: bool = True


@attrs.frozen(kw_only=True)
class ReferencedTarget:
    """Scalable target of a variant or an inference component.

    Attributes:
        logical_id: Logical id of the scalable target.
        dimension: ``ScalableDimension``, if it is known.
        min_capacity: ``MinCapacity``, if it is known.
        max_capacity: ``MaxCapacity``, if it is known.
    """

    logical_id: str
    dimension: str | None = None
    min_capacity: int | None = None
    max_capacity: int | None = None


@attrs.frozen(kw_only=True)
class ConfigContext:
    """Endpoint configuration with its models, roles and scalable targets.

    Attributes:
        config: Spec of the configuration.
        region: Region of the deployment, if it is known; a function is called when a rule reads it.
        account: Account of the deployment, if it is known; likewise.
        models: Named models by the path of the name: ``("production_variants", 0,
            "model_name")``, or the path of the override of an instance pool.
        imported_models: Paths of model names that are outputs of other stacks.
        weak_references: Paths of the imported names that are weak references
            (``Fn::GetStackOutput``), which the other stack may change at any time.
        roles: Execution roles by the path of the variant: ``("production_variants", 0)``.
        execution_role: Execution role of the configuration itself, if it is known.
        is_role_of_model: Whether a model of the app has the same execution role, so that the
            findings about its permissions are those of the model.
        scalable_targets: Scalable targets by the path of the variant.
        earlier_serverless_variants: Number of serverless variants of the earlier configurations of
            the same app, region and account.
        earlier_concurrency: Sum of the maximum concurrency of these variants.
        hashed_parameters: Function that returns the template parameters in the content of a name's
            hash, by the path of the value; ``None`` if the name has no hash.
    """

    config: EndpointConfigSpec
    _region: str | Callable[[], str | None] | None = attrs.field(default=None, alias="region")
    _account: str | Callable[[], str | None] | None = attrs.field(default=None, alias="account")
    models: Mapping[Path, ReferencedModel] = attrs.Factory(dict[Path, ReferencedModel])
    imported_models: frozenset[Path] = frozenset()
    weak_references: frozenset[Path] = frozenset()
    roles: Mapping[Path, Role] = attrs.Factory(dict[Path, Role])
    execution_role: Role | None = None
    is_role_of_model: bool = False
    scalable_targets: Mapping[Path, ReferencedTarget] = attrs.Factory(dict[Path, ReferencedTarget])
    earlier_serverless_variants: int = 0
    earlier_concurrency: int = 0
    hashed_parameters: Callable[[], Mapping[Path, str]] | None = None

    @property
    def region(self) -> str | None:
        """Region of the deployment, if it is known."""
        return self._region() if callable(self._region) else self._region

    @property
    def account(self) -> str | None:
        """Account of the deployment, if it is known."""
        return self._account() if callable(self._account) else self._account


@attrs.frozen(kw_only=True)
class EndpointContext:
    """Endpoint with its configuration, rollback alarms and the policies of its roles.

    Attributes:
        endpoint: Spec of the endpoint.
        config: Configuration of the endpoint, if it is known.
        other_endpoint_names: Names of the other endpoints of the same app, region and account.
        alarms: Rollback alarms by the path of the name: ``("deployment_config",
            "auto_rollback_configuration", "alarms", 0, "alarm_name")``.
        policies: Policies, in the same template, of the execution roles of its variants.
        is_config_imported: Whether the name of the configuration is an output of another stack.
        weak_references: Paths of the imported names that are weak references
            (``Fn::GetStackOutput``), which the other stack may change at any time.
        may_be_scaled: Whether a scalable target whose resource id is unresolved, or names an
            unknown variant of the endpoint, may scale one of its variants.
    """

    endpoint: EndpointSpec
    config: ConfigContext | None = None
    other_endpoint_names: frozenset[str] = frozenset()
    alarms: Mapping[Path, ReferencedAlarm] = attrs.Factory(dict[Path, ReferencedAlarm])
    policies: tuple[ReferencedPolicy, ...] = ()
    is_config_imported: bool = False
    weak_references: frozenset[Path] = frozenset()
    may_be_scaled: bool = False


@attrs.frozen(kw_only=True)
class AlarmContext:
    """Alarm on a metric of SageMaker with the endpoints that its dimensions name.

    Attributes:
        alarm: Spec of the alarm.
        endpoints: Named endpoints by the path of the dimension's value: ``("dimensions", 0,
            "value")``, or the path below one of several metrics.
        similar_endpoint_names: Names of endpoints that differ from such a value in letter case
            only, by the path of the value.
        region: Region of the deployment, if it is known.
    """

    alarm: AlarmSpec
    endpoints: Mapping[Path, EndpointContext] = attrs.Factory(dict[Path, EndpointContext])
    similar_endpoint_names: Mapping[Path, str] = attrs.Factory(dict[Path, str])
    region: str | None = None


@attrs.frozen(kw_only=True)
class InferenceComponentContext:
    """Inference component with its endpoint, models, base component and alarms.

    Attributes:
        component: Spec of the component.
        endpoint: Endpoint of the component, if it is known.
        config: Configuration of that endpoint, if it is known.
        base: Base component of an adapter, if it is known.
        models: Named models by the path of the name: ``("specification", "model_name")``, or the
            path below one of ``specifications``.
        imported_models: Paths of model names that are outputs of other stacks.
        weak_references: Paths of the imported names that are weak references
            (``Fn::GetStackOutput``), which the other stack may change at any time.
        scalable_target: Scalable target of the component's copies.
        depends_on_endpoint: Whether the component depends on the endpoint.
        depends_on_base: Whether the component depends on its base component.
        alarms: Rollback alarms by the path of the name.
        similar_endpoint_name: Name of an endpoint that differs from ``endpoint_name`` in letter
            case only.
        region: Region of the deployment, if it is known; a function is called when a rule reads it.
        bucket_regions: Regions of the buckets of the app by name, as far as they are known.
        texts: Images and artifacts by the path of the value, with ``*`` for unknown parts:
            ``("specification", "container", "image")``.
        data_regions: As in `ModelContext`.
        earlier_components: Components before this one on the same endpoint, without their related
            resources; only if the execution role of the configuration is known.
    """

    component: InferenceComponentSpec
    endpoint: EndpointSpec | None = None
    config: ConfigContext | None = None
    base: InferenceComponentSpec | None = None
    models: Mapping[Path, ReferencedModel] = attrs.Factory(dict[Path, ReferencedModel])
    imported_models: frozenset[Path] = frozenset()
    weak_references: frozenset[Path] = frozenset()
    scalable_target: ReferencedTarget | None = None
    depends_on_endpoint: bool = True
    depends_on_base: bool = True
    alarms: Mapping[Path, ReferencedAlarm] = attrs.Factory(dict[Path, ReferencedAlarm])
    similar_endpoint_name: str | None = None
    _region: str | Callable[[], str | None] | None = attrs.field(default=None, alias="region")
    bucket_regions: Mapping[str, str] = attrs.Factory(dict[str, str])
    texts: Mapping[Path, str] = attrs.Factory(dict[Path, str])
    data_regions: Mapping[Path, Callable[[], str | None]] = attrs.Factory(
        dict[Path, Callable[[], str | None]]
    )
    earlier_components: Sequence[InferenceComponentContext] = ()

    @property
    def region(self) -> str | None:
        """Region of the deployment, if it is known."""
        return self._region() if callable(self._region) else self._region


@attrs.frozen(kw_only=True)
class ScalableTargetContext:
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


@attrs.frozen(kw_only=True)
class ScalingPolicyContext:
    """Scaling policy with its scalable target.

    Attributes:
        policy: Spec of the policy.
        target: Scalable target of the policy, if it is known.
        own_metrics: Paths of the metrics whose dimensions name the scaled endpoint or component:
            ``("target_tracking_scaling_policy_configuration", "customized_metric_specification")``
            or, below that, ``("metrics", 0, "metric_stat", "metric")``.
        is_dependent: Whether the policy depends on the scalable target.
    """

    policy: ScalingPolicySpec
    target: ScalableTargetContext | None = None
    own_metrics: frozenset[Path] = frozenset()
    is_dependent: bool = True


Subject: TypeAlias = (
    EndpointConfigSpec
    | ModelSpec
    | EndpointSpec
    | InferenceComponentSpec
    | ConfigContext
    | EndpointContext
    | InferenceComponentContext
    | ModelContext
    | AlarmSpec
    | AlarmContext
    | ScalableTargetSpec
    | ScalingPolicySpec
    | ScalableTargetContext
    | ScalingPolicyContext
)
"""Value that a rule can check."""

ROOTS: Final[Mapping[type, type[Spec]]] = {
    EndpointConfigSpec: EndpointConfigSpec,
    ModelSpec: ModelSpec,
    EndpointSpec: EndpointSpec,
    InferenceComponentSpec: InferenceComponentSpec,
    ConfigContext: EndpointConfigSpec,
    EndpointContext: EndpointSpec,
    InferenceComponentContext: InferenceComponentSpec,
    ModelContext: ModelSpec,
    AlarmSpec: AlarmSpec,
    AlarmContext: AlarmSpec,
    ScalableTargetSpec: ScalableTargetSpec,
    ScalingPolicySpec: ScalingPolicySpec,
    ScalableTargetContext: ScalableTargetSpec,
    ScalingPolicyContext: ScalingPolicySpec,
}
"""Spec class from which the path of a violation starts, by the type of the subject."""


_MAY_BE_EMPTY: Final = frozenset({type(None), bool, int, str, tuple, dict, frozenset})
"""Types of values that may be empty; the truth of another one, such as a search, takes time."""


@kept
def given_members(subject: Subject) -> frozenset[str]:
    """Return the names of everything that is given in a subject.

    These are the Python names of the members of the spec and of the objects in it, and those of
    the related resources of a context. Most rules are about one feature, and most resources have
    few features.
    """
    if isinstance(subject, Spec):
        return names_given_in(subject)
    names, values_of = _fields_of(type(subject))
    values = values_of(subject)
    return names_given_in(values[0]).union(
        [
            name
            for name, value in zip(names, values, strict=True)
            if type(value) not in _MAY_BE_EMPTY or value
        ]
    )


_FIELDS: Final[dict[type[object], tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]]] = {}


def _fields_of(cls: type[Any]) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]:
    """Return the names of the fields of a context, and a function that returns their values."""
    if cls not in _FIELDS:
        names = [field.name for field in attrs.fields(cls)]
        # A value that can also be a function has a private field and a public property.
        _FIELDS[cls] = tuple(name.lstrip("_") for name in names), attrgetter(*names)
    return _FIELDS[cls]

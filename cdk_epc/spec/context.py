"""Resources with their related resources: the subjects of rules across resources.

A related resource is one of the same template or app that the resource refers to, or that refers
to it. A related resource that is not known is left out, and the rules that need it find nothing.

A dependency is a resource that CloudFormation creates first, because of a reference or
``DependsOn``.

Values that an app would ask Node for, and that few rules read, can be given as functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.spec.empty import new_dict
from cdk_epc.spec.endpoint_config import EndpointConfigSpec
from cdk_epc.spec.fields import Path, Spec, names_given_in
from cdk_epc.spec.kept import kept
from cdk_epc.spec.model import ModelSpec
from cdk_epc.spec.network import SubnetRoutes
from cdk_epc.spec.role import Role
from cdk_epc.spec.variants import ProductionVariant

if TYPE_CHECKING:
    from cdk_epc.spec.alarm import AlarmSpec
    from cdk_epc.spec.alarm_context import AlarmContext
    from cdk_epc.spec.component import InferenceComponentSpec
    from cdk_epc.spec.component_context import InferenceComponentContext
    from cdk_epc.spec.endpoint import EndpointSpec
    from cdk_epc.spec.endpoint_context import EndpointContext, ReferencedAlarm, ReferencedPolicy
    from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
    from cdk_epc.spec.scaling_context import ScalableTargetContext, ScalingPolicyContext

    ROOTS: Mapping[type, type[Spec]]
    """Spec class from which the path of a violation starts, by the type of the subject."""

__all__ = [
    "ROOTS",
    "AlarmContext",
    "ConfigContext",
    "Context",
    "EndpointContext",
    "InferenceComponentContext",
    "ModelContext",
    "ReferencedAlarm",
    "ReferencedModel",
    "ReferencedPolicy",
    "ReferencedTarget",
    "ScalableTargetContext",
    "ScalingPolicyContext",
    "Subject",
    "given_members",
    "root_of",
]


class Context(Record):
    """Base of the contexts.

    Attributes:
        ROOT: Spec class from which the path of a violation starts.
    """

    __slots__ = ()

    ROOT: ClassVar[type[Spec]]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ReferencedModel(Record):
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


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ModelContext(Context):
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

    ROOT: ClassVar = ModelSpec

    model: ModelSpec
    variants: Sequence[ProductionVariant] = ()
    execution_role: Role | None = None
    earlier_models: Sequence[ModelContext] = ()
    _region: str | Callable[[], str | None] | None = attrs.field(default=None, alias="region")
    _account: str | Callable[[], str | None] | None = attrs.field(default=None, alias="account")
    bucket_regions: Mapping[str, str] = attrs.Factory(new_dict)
    texts: Mapping[Path, str] = attrs.Factory(new_dict)
    data_keys: Mapping[Path, str] = attrs.Factory(new_dict)
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


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ReferencedTarget(Record):
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


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ConfigContext(Context):
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

    ROOT: ClassVar = EndpointConfigSpec

    config: EndpointConfigSpec
    _region: str | Callable[[], str | None] | None = attrs.field(default=None, alias="region")
    _account: str | Callable[[], str | None] | None = attrs.field(default=None, alias="account")
    models: Mapping[Path, ReferencedModel] = attrs.Factory(new_dict)
    imported_models: frozenset[Path] = frozenset()
    weak_references: frozenset[Path] = frozenset()
    roles: Mapping[Path, Role] = attrs.Factory(new_dict)
    execution_role: Role | None = None
    is_role_of_model: bool = False
    scalable_targets: Mapping[Path, ReferencedTarget] = attrs.Factory(new_dict)
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


if TYPE_CHECKING:
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
else:  # a run needs few of these types
    Subject = Any

_HOMES: Final[Mapping[str, str]] = {
    "AlarmContext": "alarm_context",
    "EndpointContext": "endpoint_context",
    "InferenceComponentContext": "component_context",
    "ReferencedAlarm": "endpoint_context",
    "ReferencedPolicy": "endpoint_context",
    "ScalableTargetContext": "scaling_context",
    "ScalingPolicyContext": "scaling_context",
}
"""Modules of the other contexts, which are imported on first use."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type checkers read the imports above
    if name == "ROOTS":
        value: Any = _roots()
    elif name in _HOMES:
        value = getattr(import_module(f"cdk_epc.spec.{_HOMES[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def _roots() -> Mapping[type, type[Spec]]:
    # Imported here because a run needs few of these types.
    from cdk_epc.spec.alarm import AlarmSpec  # noqa: PLC0415
    from cdk_epc.spec.alarm_context import AlarmContext  # noqa: PLC0415
    from cdk_epc.spec.component import InferenceComponentSpec  # noqa: PLC0415
    from cdk_epc.spec.component_context import InferenceComponentContext  # noqa: PLC0415
    from cdk_epc.spec.endpoint import EndpointSpec  # noqa: PLC0415
    from cdk_epc.spec.endpoint_context import EndpointContext  # noqa: PLC0415
    from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec  # noqa: PLC0415
    from cdk_epc.spec.scaling_context import (  # noqa: PLC0415
        ScalableTargetContext,
        ScalingPolicyContext,
    )

    types: tuple[type[Any], ...] = (
        EndpointConfigSpec,
        ModelSpec,
        EndpointSpec,
        InferenceComponentSpec,
        ConfigContext,
        EndpointContext,
        InferenceComponentContext,
        ModelContext,
        AlarmSpec,
        AlarmContext,
        ScalableTargetSpec,
        ScalingPolicySpec,
        ScalableTargetContext,
        ScalingPolicyContext,
    )
    return {each: root_of(each) for each in types}


def root_of(subject_type: type[Any]) -> type[Spec]:
    """Return the spec class from which the path of a violation starts, for a type of subject."""
    root: type[Spec] = subject_type if issubclass(subject_type, Spec) else subject_type.ROOT
    return root


_MAY_BE_EMPTY: Final = frozenset({type(None), bool, int, str, tuple, dict, frozenset})
"""Types of values that may be empty; the truth of another one, such as a search, takes time."""


def given_members(subject: Subject) -> frozenset[str]:
    """Return the names of everything that is given in a subject.

    These are the Python names of the members of the spec and of the objects in it, and those of
    the related resources of a context. Most rules are about one feature, and most resources have
    few features.
    """
    return names_given_in(subject) if isinstance(subject, Spec) else _given_in_context(subject)


@kept
def _given_in_context(context: Context) -> frozenset[str]:
    names, values_of = _fields_of(type(context))
    values = values_of(context)
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

"""Updates of deployed resources: the subjects of rules that compare an old and a new template.

The old and the new resource have the same logical id in the same stack, except where a class says
otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.spec.component import InferenceComponentSpec
from cdk_epc.spec.context import EndpointContext, ReferencedTarget
from cdk_epc.spec.endpoint import EndpointSpec
from cdk_epc.spec.endpoint_config import EndpointConfigSpec
from cdk_epc.spec.fields import Path, Spec
from cdk_epc.spec.scaling import ScalingPolicySpec
from cdk_epc.spec.variants import ProductionVariant


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LiveVariant(Record):
    """Variant of a running endpoint, as a DescribeEndpoint response shows it.

    Attributes:
        count: Desired number of instances; ``None`` if the response has none.
    """

    count: int | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScaledVariant(Record):
    """Variant of the old configuration that Application Auto Scaling scales.

    Attributes:
        variant: The variant.
        target: Its scalable target.
        index: Index of the variant of the same name among the production variants of the new
            configuration; ``None`` if it has none.
        changed: Variant of the same name in the new configuration.
    """

    variant: ProductionVariant
    target: ReferencedTarget
    index: int | None = None
    changed: ProductionVariant | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FleetUpdate(Record):
    """Update of an endpoint to another configuration, with a new fleet.

    Attributes:
        endpoint: Endpoint after the update.
        old_endpoint: Endpoint before the update.
        old: Configuration before the update.
        new: Configuration after the update.
        scaled: Variants of the old configuration with a scalable target, by their name.
        stays_scaled: Names of the variants that have a scalable target after the update.
        live: Variants of the running endpoint by name, if a description is known.
        has_only_default_changes: Whether the configurations differ only in defaults that one of
            the two contains explicitly.
    """

    endpoint: EndpointSpec
    old_endpoint: EndpointSpec
    old: EndpointConfigSpec
    new: EndpointConfigSpec
    scaled: Mapping[str, ScaledVariant] = attrs.Factory(dict[str, ScaledVariant])
    stays_scaled: frozenset[str] = frozenset()
    live: Mapping[str, LiveVariant] = attrs.Factory(dict[str, LiveVariant])
    has_only_default_changes: bool = False

    @property
    def root(self) -> type[Spec]:
        """Spec class from which the path of a violation starts."""
        return EndpointConfigSpec


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EndpointUpdate(Record):
    """Update of an endpoint.

    Attributes:
        old: Endpoint before the update, with its configuration.
        new: Endpoint after the update, with its configuration.
        fleet: Update to another configuration; ``None`` if the configuration stays or is unknown.
        is_replaced: Whether CloudFormation replaces the endpoint.
        status: Status of the running endpoint, if it is known.
        removed_roles: Logical ids of the execution roles of the old models that the update removes.
        removed_network: Logical ids of the subnets and security groups of the old models that the
            update removes.
    """

    old: EndpointContext
    new: EndpointContext
    fleet: FleetUpdate | None = None
    is_replaced: bool = False
    status: str | None = None
    removed_roles: tuple[str, ...] = ()
    removed_network: tuple[str, ...] = ()

    @property
    def root(self) -> type[Spec]:
        """Spec class from which the path of a violation starts."""
        return EndpointSpec


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ResourceReplacement(Record):
    """Configuration or model that CloudFormation replaces.

    Attributes:
        new: The new resource.
        name: Fixed name that both have; ``None`` if the name changes.
        changed: Properties that cause the replacement, as paths in AWS's names.
        importers: Resources of other stacks that import the name by an export.
        weak_readers: Resources of other stacks that read the name by ``Fn::GetStackOutput``.
        is_retained: Whether the old resource stays, by ``UpdateReplacePolicy``.
    """

    new: Spec
    name: str | None = None
    changed: tuple[str, ...] = ()
    importers: tuple[str, ...] = ()
    weak_readers: tuple[str, ...] = ()
    is_retained: bool = False

    @property
    def root(self) -> type[Spec]:
        """Spec class from which the path of a violation starts."""
        return type(self.new)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ComponentUpdate(Record):
    """Inference component before and after an update.

    Attributes:
        old: Component before the update.
        new: Component after the update.
        changed: Members that differ, by name.
        deleted_base: Logical id of the base component, if the update deletes it.
        deleted_endpoint: Logical id of the endpoint, if the update deletes it.
    """

    old: InferenceComponentSpec
    new: InferenceComponentSpec
    changed: frozenset[str] = frozenset()
    deleted_base: str | None = None
    deleted_endpoint: str | None = None

    @property
    def root(self) -> type[Spec]:
        """Spec class from which the path of a violation starts."""
        return InferenceComponentSpec


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PolicyUpdate(Record):
    """Scaling policy that stays while the update removes its scalable target.

    Attributes:
        new: Policy after the update.
        removed_target: Logical id of the target.
    """

    new: ScalingPolicySpec
    removed_target: str

    @property
    def root(self) -> type[Spec]:
        """Spec class from which the path of a violation starts."""
        return ScalingPolicySpec


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ResourceMove(Record):
    """Resource of the new templates that exists already, under another logical id.

    Attributes:
        new: Spec of the resource.
        resource_type: CloudFormation type of the resource.
        old_logical_id: Logical id in the old templates.
        old_stack: Name of the old template, if it is another one.
        name: Fixed name that both have; ``None`` if the names are generated.
        name_member: Python name of the member with the name.
        is_same_target: Whether both are the scalable target of the same resource and dimension.
        is_same_metric: Whether both are policies that track the same metric of the same target.
        is_renamed: Whether the logical id is the same, and only the name differs.
    """

    new: Spec
    resource_type: str
    old_logical_id: str
    old_stack: str | None = None
    name: str | None = None
    name_member: str | None = None
    is_same_target: bool = False
    is_same_metric: bool = False
    is_renamed: bool = False

    @property
    def root(self) -> type[Spec]:
        """Spec class from which the path of a violation starts."""
        return type(self.new)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StaleName(Record):
    """Literal name in a resource that stays, of a resource that no longer has the name.

    Attributes:
        new: The resource that stays.
        path: Path of the name: ``("endpoint_config_name",)``.
        name: The name.
        logical_id: Logical id of the old resource with the name.
    """

    new: Spec
    path: Path
    name: str
    logical_id: str

    @property
    def root(self) -> type[Spec]:
        """Spec class from which the path of a violation starts."""
        return type(self.new)


UpdateSubject: TypeAlias = (
    EndpointUpdate
    | FleetUpdate
    | ResourceReplacement
    | ComponentUpdate
    | PolicyUpdate
    | ResourceMove
    | StaleName
)
"""Value that a rule about updates can check."""

UPDATE_SUBJECTS: Final = (
    EndpointUpdate,
    FleetUpdate,
    ResourceReplacement,
    ComponentUpdate,
    PolicyUpdate,
    ResourceMove,
    StaleName,
)

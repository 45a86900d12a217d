"""Scope of a construct: its path, stack and region, and the acknowledgements that apply there.

Each of these costs a call into Node, so it is read only when it is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from constructs import Construct, IConstruct

from cdk_epc.constructs.duck_typing import child_path, known_scope, remember_place
from cdk_epc.spec.unresolved import is_mapping, is_unresolved

PREFIX: Final = "cdk-epc::"
"""Prefix of our rule ids in CDK: the name of the plugin and two colons."""

METADATA_TYPE: Final = "aws:cdk:acknowledged-rules"
"""Type of CDK's metadata entries for acknowledgements."""

_ENVIRONMENTS: Final[WeakKeyDictionary[IConstruct, tuple[str | None, str | None]]] = (
    WeakKeyDictionary()
)
_UNKNOWN: Final = ("unknown-account", "unknown-region")


class ConstructScope:
    """Scope of a construct that does not exist yet, or no longer than its own constructor."""

    def __init__(self, scope: Construct, id: str) -> None:
        """Create the scope of a construct with this id."""
        self._scope = self._construct = scope
        self._id = id

    @property
    def construct(self) -> Construct:
        """Innermost construct that exists: at first the scope, then the construct."""
        return self._construct

    @construct.setter
    def construct(self, construct: Construct) -> None:
        self._construct = construct
        remember_place(construct, self._scope, self._id)

    @property
    def path(self) -> str:
        """Path of the construct."""
        return child_path(self._scope, self._id)

    def root(self) -> IConstruct | None:
        """Return the app; ``None`` for a value that belongs to no construct yet."""
        return self.construct.node.root

    def region(self) -> str | None:
        """Return the region of the stack; ``None`` if only the deployment knows it."""
        return self._environment()[1]

    def account(self) -> str | None:
        """Return the account of the stack; ``None`` if only the deployment knows it."""
        return self._environment()[0]

    def _environment(self) -> tuple[str | None, str | None]:
        """Return the account and the region of the stack."""
        stack = stack_of(self._scope)
        if stack not in _ENVIRONMENTS:
            # aws://unknown-account/unknown-region if only the deployment knows them.
            given = stack.environment.removeprefix("aws://").split("/")
            known = [None if is_unresolved(each) or each in _UNKNOWN else each for each in given]
            _ENVIRONMENTS[stack] = (known[0], known[-1])
        return _ENVIRONMENTS[stack]

    def acknowledged(self) -> Mapping[str, str]:
        """Return the reasons that apply here, by rule id; an inner scope overrides an outer one."""
        every: dict[str, str] = {}
        for scope in self.construct.node.scopes:  # from the app inwards
            every |= acknowledged_on(scope)
        return {id_: reason.strip() for id_, reason in every.items() if reason.strip()}


def acknowledged_on(construct: IConstruct) -> dict[str, str]:
    """Return the reasons that CDK keeps for a construct and everything below it, by rule id."""
    entries = ((entry.type, entry.data) for entry in construct.node.metadata)
    return dict(pair for type_, data in entries for pair in acknowledged_in(type_, data))


def acknowledged_in(type_: str, data: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    """Yield rule id and reason of each of our rules in one metadata entry."""
    if type_ == METADATA_TYPE and is_mapping(data):
        for id_, reason in data.items():
            if id_.startswith(PREFIX):
                yield id_.removeprefix(PREFIX), reason


_REFERENCES: Final = "@aws-cdk/core:defaultCrossStackReferences"
"""Context key of the strength of references between stacks."""

_REGIONS: Final[WeakKeyDictionary[IConstruct, str | None]] = WeakKeyDictionary()


def region_of(resource: Any) -> str | None:  # noqa: ANN401 - an IResource, also an imported one
    """Return the region of a resource construct; ``None`` if only the deployment knows it."""
    if resource not in _REGIONS:
        region = resource.env.region
        _REGIONS[resource] = None if is_unresolved(region) or region in _UNKNOWN else region
    return _REGIONS[resource]


_STACKS: Final[WeakKeyDictionary[IConstruct, cdk.Stack]] = WeakKeyDictionary()


def stack_of(construct: IConstruct) -> cdk.Stack:
    """Return the stack of a construct, cached because it never changes."""
    if isinstance(construct, cdk.Stack):
        return construct
    if construct not in _STACKS:
        scope = known_scope(construct)
        _STACKS[construct] = cdk.Stack.of(construct) if scope is None else stack_of(scope)
    return _STACKS[construct]


def is_exported(construct: object, to: IConstruct) -> bool:
    """Return whether a construct cannot be replaced because another stack uses its name.

    CDK makes exports or outputs between stacks of one account and region. Nested stacks pass names
    on as parameters and outputs, and across environments CDK requires a physical name. A construct
    can be replaced if the reference is weak and its stack retains the old resource.
    """
    if not isinstance(construct, Construct):
        return False
    stack, other = stack_of(construct), stack_of(to)
    if stack is other:
        return False
    stack, other = outermost(stack), outermost(other)
    if stack is other or stack.environment != other.environment:
        return False
    return not (is_weakly_referenced(to) and _is_retained(construct))


def _is_retained(construct: Construct) -> bool:
    """Return whether CloudFormation keeps the old resource when it replaces a resource."""
    resource = construct if isinstance(construct, cdk.CfnResource) else construct.node.default_child
    return (
        isinstance(resource, cdk.CfnResource)
        and resource.cfn_options.update_replace_policy == cdk.CfnDeletionPolicy.RETAIN
    )


def is_weakly_referenced(by: IConstruct) -> bool:
    """Return whether a construct refers to resources of other stacks weakly.

    CDK then reads an output with ``Fn::GetStackOutput``, which CloudFormation does not protect. A
    strength that is set on a single resource is not visible here.
    """
    return by.node.try_get_context(_REFERENCES) in {"weak", "both"}


def outermost(stack: cdk.Stack) -> cdk.Stack:
    """Return the stack that is deployed with a nested stack, or the stack itself."""
    while (parent := stack.nested_stack_parent) is not None:
        stack = parent
    return stack

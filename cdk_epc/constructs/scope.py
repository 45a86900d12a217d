"""Where a configuration stands: its path, its region, and what is acknowledged there.

All of this is asked of Node, so it is asked only when somebody needs to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from constructs import Construct, IConstruct

from cdk_epc.spec.unresolved import is_mapping, is_unresolved

PREFIX: Final = "cdk-epc::"
"""What CDK calls a rule by: the name of the plugin, two colons, the rule's id."""

ENTRY: Final = "aws:cdk:acknowledged-rules"
"""The type of CDK's metadata entries about acknowledgements."""

_REGIONS: Final[WeakKeyDictionary[IConstruct, str | None]] = WeakKeyDictionary()


class ConstructScope:
    """What a configuration can ask about its place in an app.

    Attributes:
        construct: The innermost construct that there is so far: the scope, then the configuration.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Stand in this scope under this id."""
        self.construct: Construct = scope
        self._scope = scope
        self._id = id

    @property
    def path(self) -> str:
        """The construct path."""
        return f"{self._scope.node.path}/{self._id}"

    def region(self) -> str | None:
        """The stack's region, if it is known before the deployment."""
        if self._scope not in _REGIONS:
            region = cdk.Stack.of(self._scope).region
            _REGIONS[self._scope] = None if is_unresolved(region) else region
        return _REGIONS[self._scope]

    def acknowledged(self) -> Mapping[str, str]:
        """The reasons by rule id that hold here; the nearest one where there are several."""
        every: dict[str, str] = {}
        for scope in self.construct.node.scopes:  # the app first
            every |= acknowledged_on(scope)
        return {id_: reason.strip() for id_, reason in every.items() if reason.strip()}


def acknowledged_on(construct: IConstruct) -> dict[str, str]:
    """The reasons by rule id that were given to CDK for this construct and what is below."""
    entries = ((entry.type, entry.data) for entry in construct.node.metadata)
    return dict(pair for type_, data in entries for pair in acknowledged_in(type_, data))


def acknowledged_in(type_: str, data: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    """Rule ids and reasons of one metadata entry, if it is about our rules."""
    if type_ == ENTRY and is_mapping(data):
        for id_, reason in data.items():
            if id_.startswith(PREFIX):
                yield id_.removeprefix(PREFIX), reason


_STACKS: Final[WeakKeyDictionary[IConstruct, cdk.Stack]] = WeakKeyDictionary()


def stack_of(construct: IConstruct) -> cdk.Stack:
    """The stack that a construct stands in."""
    if construct not in _STACKS:
        _STACKS[construct] = cdk.Stack.of(construct)
    return _STACKS[construct]


def is_exported(construct: object, to: IConstruct) -> bool:
    """Whether CDK makes an export of what it is called, for another construct.

    It does between stacks of one account and region; nested ones hand it on by parameters and
    outputs, and elsewhere CDK asks for a name of its own.
    """
    if not isinstance(construct, Construct):
        return False
    stack, other = stack_of(construct), stack_of(to)
    if stack is other:
        return False
    stack, other = _outermost(stack), _outermost(other)
    return stack is not other and stack.environment == other.environment


def _outermost(stack: cdk.Stack) -> cdk.Stack:
    while (parent := stack.nested_stack_parent) is not None:
        stack = parent
    return stack

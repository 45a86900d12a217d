"""Which stacks two constructs stand in, and whether one hands its name to the other as an export.

All of this is asked of Node, so each scope is asked once.
"""

from __future__ import annotations

from typing import Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from constructs import Construct, IConstruct

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

"""Conditions of a template in a scenario."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Final

from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.expressions import (
    DEEPEST,
    canonical,
    is_scalar,
    named,
    text,
)
from cdk_epc.templates.parameters import argument_of, enclosing
from cdk_epc.templates.scenarios import Decision, Scope

_SHARED: Final = frozenset({"AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::URLSuffix"})
"""What a nested stack and the one around it have in common."""


def holds(scope: Scope, name: str) -> bool | None:
    """Whether a condition holds; ``None`` if there is none, or it goes in a circle."""
    run, place = scope.run, (scope.source.index, name)
    run.consulted += 1
    if place not in run.conditions:
        declared = scope.source.conditions
        if place in run.active or name not in declared or run.depth > DEEPEST:
            return None
        run.active.add(place)
        run.depth += 1
        run.conditions[place] = is_true(scope, declared[name])
        run.depth -= 1
        run.active.discard(place)
    return run.conditions[place]


def exists(scope: Scope, logical_id: str) -> bool:
    """Whether a resource is deployed at all: by its own condition and those of its stacks."""
    name = scope.source.resources[logical_id].get("Condition")
    if isinstance(name, str) and holds(scope, name) is False:
        return False
    return _is_used(scope, frozenset({scope.source.index}))


def _is_used(scope: Scope, seen: frozenset[int]) -> bool:
    around = enclosing(scope)
    if around is None or around.source.index in seen or len(seen) > DEEPEST:
        return True
    outer = around.scope(scope)
    name = around.source.resources[around.logical_id].get("Condition")
    if isinstance(name, str) and holds(outer, name) is False:
        return False
    return _is_used(outer, seen | {around.source.index})


def is_true(scope: Scope, node: object) -> bool | None:
    """Whether an expression of the conditions is true; ``None`` if that is unknown."""
    run = scope.run
    if not is_mapping(node) or len(node) != 1 or run.depth > DEEPEST:
        return None
    ((function, argument),) = node.items()
    if function == "Condition":
        return holds(scope, argument) if isinstance(argument, str) else None
    if function not in _FUNCTIONS or not is_list(argument):
        return None
    run.depth += 1
    result = _FUNCTIONS[function](scope, argument)
    run.depth -= 1
    return result


def _each(scope: Scope, nodes: list[Any] | tuple[Any, ...]) -> Iterator[bool | None]:
    return (is_true(scope, node) for node in nodes)


def _and(scope: Scope, nodes: list[Any] | tuple[Any, ...]) -> bool | None:
    result: bool | None = True
    for each in _each(scope, nodes):
        if each is False:
            return False
        if each is None:
            result = None
    return result


def _or(scope: Scope, nodes: list[Any] | tuple[Any, ...]) -> bool | None:
    result: bool | None = False
    for each in _each(scope, nodes):
        if each:
            return True
        if each is None:
            result = None
    return result


def _not(scope: Scope, nodes: list[Any] | tuple[Any, ...]) -> bool | None:
    result = is_true(scope, nodes[0]) if len(nodes) == 1 else None
    return None if result is None else not result


def _equals(scope: Scope, nodes: list[Any] | tuple[Any, ...]) -> bool | None:
    return _are_equal(scope, nodes[0], nodes[1]) if len(nodes) == 2 else None  # noqa: PLR2004


def _are_equal(scope: Scope, left: object, right: object) -> bool:
    """Whether two values are equal; where that is left open, it is decided."""
    known, other = scope.evaluate(left), scope.evaluate(right)
    if is_scalar(known) and is_scalar(other):
        return text(known) == text(other)
    if is_scalar(known):
        return scope.run.is_equal(variable(scope, right), text(known))
    if is_scalar(other):
        return scope.run.is_equal(variable(scope, left), text(other))
    both = frozenset({variable(scope, left), variable(scope, right)})
    return len(both) == 1 or scope.run.decide((Decision.SAME, both), (False, True))


def variable(scope: Scope, node: object) -> Hashable:
    """What an unknown expression is known by, in whichever template of the app it is used.

    A parameter of a nested stack that is handed on is the parameter of the stack around it.
    """
    for _ in range(DEEPEST):
        given = _handed_on(scope, node)
        if given is None:
            break
        scope, node = given
    return scope.source.index, canonical(node)


def _handed_on(scope: Scope, node: object) -> tuple[Scope, Any] | None:
    """The expression of the template around it that an expression stands for, if it is so."""
    name = node.get("Ref") if is_mapping(node) else None
    around = enclosing(scope)
    if around is None or not isinstance(name, str):
        return None
    given = (node,) if name in _SHARED else argument_of(around, name)
    return None if given is None else (around.scope(scope), given[0])


def _contains(scope: Scope, nodes: list[Any] | tuple[Any, ...]) -> bool | None:
    """``Fn::Contains`` of a template's rules: whether a value is among some."""
    if len(nodes) != 2 or not is_list(nodes[0]):  # noqa: PLR2004 - the list and the value
        return None
    return any(_are_equal(scope, each, nodes[1]) for each in nodes[0])


_FUNCTIONS: Final[Mapping[Any, Callable[[Scope, list[Any] | tuple[Any, ...]], bool | None]]] = {
    "Fn::And": _and,
    "Fn::Or": _or,
    "Fn::Not": _not,
    "Fn::Equals": _equals,
    "Fn::Contains": _contains,
}


def may_be(scope: Scope) -> bool:
    """Whether the rules of the template allow the parameters that were decided on.

    A rule that asks for nothing that was decided is left alone. One that cannot be worked out
    allows everything.
    """
    declared = scope.source.section("Rules")
    if not declared:
        return True
    here = scope.source.index
    decided = {name for index, name in scope.run.parameters if index == here}
    return all(
        _allows(scope, rule)
        for rule in declared.values()
        if is_mapping(rule) and any(name in decided for _, name in named(rule))
    )


def _allows(scope: Scope, rule: Any) -> bool:  # noqa: ANN401 - JSON
    if "RuleCondition" in rule and is_true(scope, rule["RuleCondition"]) is not True:
        return True
    assertions = rule.get("Assertions")
    return all(
        is_true(scope, assertion.get("Assert")) is not False
        for assertion in (assertions if is_list(assertions) else ())
        if is_mapping(assertion)
    )

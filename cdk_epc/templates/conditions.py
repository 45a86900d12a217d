"""Conditions of a template in a scenario."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Final

from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.expressions import (
    MAX_DEPTH,
    canonical_key,
    is_scalar,
    names_in,
    text,
)
from cdk_epc.templates.parameters import argument_of, nested_stack_of
from cdk_epc.templates.scenarios import DecisionKind, Evaluation

_SHARED: Final = frozenset({"AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::URLSuffix"})
"""What a nested stack and the one around it have in common."""


def condition_holds(evaluation: Evaluation, name: str) -> bool | None:
    """Whether a condition holds; ``None`` if there is none, or it goes in a circle."""
    scenario, place = evaluation.scenario, (evaluation.template.index, name)
    scenario.varying_reads += 1
    if place not in scenario.conditions:
        declared = evaluation.template.conditions
        if place in scenario.in_progress or name not in declared or scenario.depth > MAX_DEPTH:
            return None
        scenario.in_progress.add(place)
        scenario.depth += 1
        scenario.conditions[place] = is_true(evaluation, declared[name])
        scenario.depth -= 1
        scenario.in_progress.discard(place)
    return scenario.conditions[place]


def is_deployed(evaluation: Evaluation, logical_id: str) -> bool:
    """Whether a resource is deployed at all: by its own condition and those of its stacks."""
    name = evaluation.template.resources[logical_id].get("Condition")
    if isinstance(name, str) and condition_holds(evaluation, name) is False:
        return False
    return _is_used(evaluation, frozenset({evaluation.template.index}))


def _is_used(evaluation: Evaluation, seen: frozenset[int]) -> bool:
    around = nested_stack_of(evaluation)
    if around is None or around.parent.index in seen or len(seen) > MAX_DEPTH:
        return True
    outer = around.parent_evaluation(evaluation)
    name = around.parent.resources[around.logical_id].get("Condition")
    if isinstance(name, str) and condition_holds(outer, name) is False:
        return False
    return _is_used(outer, seen | {around.parent.index})


def is_true(evaluation: Evaluation, node: object) -> bool | None:
    """Whether an expression of the conditions is true; ``None`` if that is unknown."""
    scenario = evaluation.scenario
    if not is_mapping(node) or len(node) != 1 or scenario.depth > MAX_DEPTH:
        return None
    ((function, argument),) = node.items()
    if function == "Condition":
        return condition_holds(evaluation, argument) if isinstance(argument, str) else None
    if function not in _FUNCTIONS or not is_list(argument):
        return None
    scenario.depth += 1
    result = _FUNCTIONS[function](evaluation, argument)
    scenario.depth -= 1
    return result


def _each(evaluation: Evaluation, nodes: list[Any] | tuple[Any, ...]) -> Iterator[bool | None]:
    return (is_true(evaluation, node) for node in nodes)


def _and(evaluation: Evaluation, nodes: list[Any] | tuple[Any, ...]) -> bool | None:
    result: bool | None = True
    for each in _each(evaluation, nodes):
        if each is False:
            return False
        if each is None:
            result = None
    return result


def _or(evaluation: Evaluation, nodes: list[Any] | tuple[Any, ...]) -> bool | None:
    result: bool | None = False
    for each in _each(evaluation, nodes):
        if each:
            return True
        if each is None:
            result = None
    return result


def _not(evaluation: Evaluation, nodes: list[Any] | tuple[Any, ...]) -> bool | None:
    result = is_true(evaluation, nodes[0]) if len(nodes) == 1 else None
    return None if result is None else not result


def _equals(evaluation: Evaluation, nodes: list[Any] | tuple[Any, ...]) -> bool | None:
    return _are_equal(evaluation, nodes[0], nodes[1]) if len(nodes) == 2 else None  # noqa: PLR2004


def _are_equal(evaluation: Evaluation, left: object, right: object) -> bool:
    """Whether two values are equal; where that is left open, it is decided."""
    known, other = evaluation.evaluate(left), evaluation.evaluate(right)
    if is_scalar(known) and is_scalar(other):
        return text(known) == text(other)
    if is_scalar(known):
        return evaluation.scenario.is_equal(variable_of(evaluation, right), text(known))
    if is_scalar(other):
        return evaluation.scenario.is_equal(variable_of(evaluation, left), text(other))
    both = frozenset({variable_of(evaluation, left), variable_of(evaluation, right)})
    return len(both) == 1 or evaluation.scenario.decide((DecisionKind.SAME, both), (False, True))


def variable_of(evaluation: Evaluation, node: object) -> Hashable:
    """What an unknown expression is known by, in whichever template of the app it is used.

    A parameter of a nested stack that is handed on is the parameter of the stack around it.
    """
    for _ in range(MAX_DEPTH):
        given = _handed_on(evaluation, node)
        if given is None:
            break
        evaluation, node = given
    return evaluation.template.index, canonical_key(node)


def _handed_on(evaluation: Evaluation, node: object) -> tuple[Evaluation, Any] | None:
    """The expression of the template around it that an expression stands for, if it is so."""
    name = node.get("Ref") if is_mapping(node) else None
    around = nested_stack_of(evaluation)
    if around is None or not isinstance(name, str):
        return None
    given = (node,) if name in _SHARED else argument_of(around, name)
    return None if given is None else (around.parent_evaluation(evaluation), given[0])


def _contains(evaluation: Evaluation, nodes: list[Any] | tuple[Any, ...]) -> bool | None:
    """``Fn::Contains`` of a template's rules: whether a value is among some."""
    if len(nodes) != 2 or not is_list(nodes[0]):  # noqa: PLR2004 - the list and the value
        return None
    return any(_are_equal(evaluation, each, nodes[1]) for each in nodes[0])


_FUNCTIONS: Final[
    Mapping[Any, Callable[[Evaluation, list[Any] | tuple[Any, ...]], bool | None]]
] = {
    "Fn::And": _and,
    "Fn::Or": _or,
    "Fn::Not": _not,
    "Fn::Equals": _equals,
    "Fn::Contains": _contains,
}


def satisfies_rules(evaluation: Evaluation) -> bool:
    """Whether the rules of the template allow the parameters that were decided on.

    A rule that asks for nothing that was decided is left alone. One that cannot be worked out
    allows everything.
    """
    declared = evaluation.template.section("Rules")
    if not declared:
        return True
    here = evaluation.template.index
    decided = {name for index, name in evaluation.scenario.parameters if index == here}
    return all(
        _allows(evaluation, rule)
        for rule in declared.values()
        if is_mapping(rule) and any(name in decided for _, name in names_in(rule))
    )


def _allows(evaluation: Evaluation, rule: Any) -> bool:  # noqa: ANN401 - JSON
    if "RuleCondition" in rule and is_true(evaluation, rule["RuleCondition"]) is not True:
        return True
    assertions = rule.get("Assertions")
    return all(
        is_true(evaluation, assertion.get("Assert")) is not False
        for assertion in (assertions if is_list(assertions) else ())
        if is_mapping(assertion)
    )

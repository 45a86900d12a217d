"""Conditions and rules of a template in a scenario."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.expressions import (
    MAX_DEPTH,
    canonical_key,
    is_scalar,
    names_in,
    to_text,
)
from cdk_epc.templates.parameters import nested_stack_of
from cdk_epc.templates.scenarios import DecisionKind, Evaluation

_SHARED_PSEUDO_PARAMETERS: Final = frozenset(
    {"AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::URLSuffix"}
)
"""Pseudo parameters with the same value in a nested stack and in its parent."""

_Nodes: TypeAlias = list[Any] | tuple[Any, ...]


def condition_holds(evaluation: Evaluation, name: str) -> bool | None:
    """Return whether a condition is true; ``None`` if it is missing, circular or unknown."""
    scenario, key = evaluation.scenario, (evaluation.template.index, name)
    scenario.varying_reads += 1
    if key not in scenario.conditions:
        declared = evaluation.template.conditions
        if key in scenario.in_progress or name not in declared or scenario.depth > MAX_DEPTH:
            return None
        scenario.in_progress.add(key)
        scenario.depth += 1
        scenario.conditions[key] = is_true(evaluation, declared[name])
        scenario.depth -= 1
        scenario.in_progress.discard(key)
    return scenario.conditions[key]


def is_deployed(evaluation: Evaluation, logical_id: str) -> bool:
    """Return whether a resource is deployed, by its condition and those of its nested stacks."""
    name = evaluation.template.resources[logical_id].get("Condition")
    if isinstance(name, str) and condition_holds(evaluation, name) is False:
        return False
    if not evaluation.scenario.app.nested_stacks:
        return True
    return _is_stack_deployed(evaluation, frozenset({evaluation.template.index}))


def _is_stack_deployed(evaluation: Evaluation, seen: frozenset[int]) -> bool:
    nested_stack = nested_stack_of(evaluation)
    if nested_stack is None or nested_stack.parent.index in seen or len(seen) > MAX_DEPTH:
        return True
    parent = evaluation.within(nested_stack.parent)
    name = nested_stack.parent.resources[nested_stack.logical_id].get("Condition")
    if isinstance(name, str) and condition_holds(parent, name) is False:
        return False
    return _is_stack_deployed(parent, seen | {nested_stack.parent.index})


def is_true(evaluation: Evaluation, node: object) -> bool | None:
    """Return whether a condition expression is true; ``None`` if that is unknown."""
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


def _each(evaluation: Evaluation, nodes: _Nodes) -> Iterator[bool | None]:
    return (is_true(evaluation, node) for node in nodes)


def _and(evaluation: Evaluation, nodes: _Nodes) -> bool | None:
    result: bool | None = True
    for each in _each(evaluation, nodes):
        if each is False:
            return False
        if each is None:
            result = None
    return result


def _or(evaluation: Evaluation, nodes: _Nodes) -> bool | None:
    result: bool | None = False
    for each in _each(evaluation, nodes):
        if each:
            return True
        if each is None:
            result = None
    return result


def _not(evaluation: Evaluation, nodes: _Nodes) -> bool | None:
    result = is_true(evaluation, nodes[0]) if len(nodes) == 1 else None
    return None if result is None else not result


def _equals(evaluation: Evaluation, nodes: _Nodes) -> bool | None:
    return _are_equal(evaluation, nodes[0], nodes[1]) if len(nodes) == 2 else None  # noqa: PLR2004


def _are_equal(evaluation: Evaluation, left: object, right: object) -> bool:
    """Return whether two values are equal; the scenario decides where that is unknown."""
    scenario, was_comparing = evaluation.scenario, evaluation.scenario.comparing
    scenario.comparing = True
    left_value, right_value = evaluation.evaluate(left), evaluation.evaluate(right)
    scenario.comparing = was_comparing
    if is_scalar(left_value) and is_scalar(right_value):
        return to_text(left_value) == to_text(right_value)
    if is_scalar(left_value):
        return scenario.is_equal(variable_of(evaluation, right), to_text(left_value))
    if is_scalar(right_value):
        return scenario.is_equal(variable_of(evaluation, left), to_text(right_value))
    both = frozenset({variable_of(evaluation, left), variable_of(evaluation, right)})
    return len(both) == 1 or scenario.decide((DecisionKind.SAME, both), (False, True))


def variable_of(evaluation: Evaluation, node: object) -> Hashable:
    """Return a key of an unresolved expression that is equal in all templates of the app.

    A parameter of a nested stack whose argument is a parameter of the parent is that parameter.
    """
    for _ in range(MAX_DEPTH):
        argument = _passed_expression(evaluation, node)
        if argument is None:
            break
        evaluation, node = argument
    return evaluation.template.index, canonical_key(node)


def _passed_expression(evaluation: Evaluation, node: object) -> tuple[Evaluation, Any] | None:
    """Return the expression that the parent passes as a parameter; ``None`` if there is none."""
    name = node.get("Ref") if is_mapping(node) else None
    nested_stack = nested_stack_of(evaluation)
    if nested_stack is None or not isinstance(name, str):
        return None
    argument = (node,) if name in _SHARED_PSEUDO_PARAMETERS else nested_stack.argument(name)
    return None if argument is None else (evaluation.within(nested_stack.parent), argument[0])


def _contains(evaluation: Evaluation, nodes: _Nodes) -> bool | None:
    """Return whether a list contains a value, which only rules of a template ask."""
    if len(nodes) != 2 or not is_list(nodes[0]):  # noqa: PLR2004 - the list and the value
        return None
    return any(_are_equal(evaluation, each, nodes[1]) for each in nodes[0])


_FUNCTIONS: Final[Mapping[Any, Callable[[Evaluation, _Nodes], bool | None]]] = {
    "Fn::And": _and,
    "Fn::Or": _or,
    "Fn::Not": _not,
    "Fn::Equals": _equals,
    "Fn::Contains": _contains,
}


def satisfies_rules(evaluation: Evaluation) -> bool:
    """Return whether the decided parameters satisfy the ``Rules`` of the template.

    A rule without a decided parameter is not evaluated, and an unknown one is satisfied.
    """
    declared = evaluation.template.section("Rules")
    if not declared:
        return True
    own_index = evaluation.template.index
    decided = {name for index, name in evaluation.scenario.parameters if index == own_index}
    return all(
        _is_satisfied(evaluation, rule)
        for rule in declared.values()
        if is_mapping(rule) and any(name in decided for _, name in names_in(rule))
    )


def _is_satisfied(evaluation: Evaluation, rule: Any) -> bool:  # noqa: ANN401 - JSON
    if "RuleCondition" in rule and is_true(evaluation, rule["RuleCondition"]) is not True:
        return True
    assertions = rule.get("Assertions")
    return all(
        is_true(evaluation, assertion.get("Assert")) is not False
        for assertion in (assertions if is_list(assertions) else ())
        if is_mapping(assertion)
    )

"""Values of parameters and pseudo parameters in a scenario."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any, Final

import attrs

from cdk_epc.spec.unresolved import Reference, Unresolved
from cdk_epc.templates.expressions import canonical_key, is_scalar
from cdk_epc.templates.parameter_values import OTHER, split_list
from cdk_epc.templates.scenarios import DecisionKind, Evaluation
from cdk_epc.templates.template import NestedStack, Template


class NoValue:
    """Value of ``AWS::NoValue``, which removes the member or item that has it."""


NO_VALUE: Final = NoValue()

_PARTITIONS: Final = (
    (re.compile(r"cn-[a-z]+-[0-9]"), "aws-cn", "amazonaws.com.cn"),
    (re.compile(r"us-gov-[a-z]+-[0-9]"), "aws-us-gov", "amazonaws.com"),
    (re.compile(r"us-iso-[a-z]+-[0-9]"), "aws-iso", "c2s.ic.gov"),
    (re.compile(r"us-isob-[a-z]+-[0-9]"), "aws-iso-b", "sc2s.sgov.gov"),
    (re.compile(r"us-isof-[a-z]+-[0-9]"), "aws-iso-f", "csp.hci.ic.gov"),
    (re.compile(r"eu-isoe-[a-z]+-[0-9]"), "aws-iso-e", "cloud.adc-e.uk"),
    (re.compile(r"eusc-[a-z]+-[a-z]+-[0-9]"), "aws-eusc", "amazonaws.eu"),
    (re.compile(r"(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-[0-9]"), "aws", "amazonaws.com"),
)
"""Pattern of region names, partition and URL suffix.

Source: ``partitions.json`` of botocore.
"""


def nested_stack_of(evaluation: Evaluation) -> NestedStack | None:
    """Return the nested stack that deploys the template; ``None`` if it is deployed itself."""
    index = evaluation.template.index
    nested_stacks = evaluation.scenario.app.nested_stacks.get(index, ())
    if len(nested_stacks) > 1:
        return evaluation.scenario.decide((DecisionKind.NESTED_STACK, index), nested_stacks)
    return nested_stacks[0] if nested_stacks else None


def evaluate_parameter(evaluation: Evaluation, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    """Return the value of a parameter.

    Args:
        evaluation: Evaluation of its template.
        name: Name of the parameter.
        node: Expression that refers to it.
    """
    scenario, index = evaluation.scenario, evaluation.template.index
    key = value_key(evaluation, name)
    if key not in scenario.cache and not scenario.app.nested_stacks.get(index):
        # Most templates are deployed themselves. Such a value depends on nothing else, and each
        # resource asks for it in each scenario.
        value = scenario.cache[key] = _decided_value(evaluation, name, node)
        if (index, name) in scenario.parameters:
            scenario.varying_keys.add(key)
    else:
        value = scenario.compute_once(key, lambda: _value(evaluation, name, node), Unresolved(node))
    if scenario.placeholders and not scenario.comparing and (index, name) in scenario.placeholders:
        return Unresolved(node)
    return value


def value_key(evaluation: Evaluation, name: str) -> Hashable:
    """Return the key of the value of a parameter in the cache of the scenario."""
    return _value, evaluation.template.index, name, evaluation.scenario.comparing


def _value(evaluation: Evaluation, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    nested_stack = nested_stack_of(evaluation)
    if nested_stack is not None:
        if nested_stack.arguments is None:
            return Unresolved(node)
        if argument := nested_stack.argument(name):
            value = evaluation.within(nested_stack.parent).evaluate(argument[0])
            if is_scalar(value):
                return split_list(evaluation.template.parameters[name], value)
            if value is not NO_VALUE:
                return Unresolved(node, reference_from(value, nested_stack.parent))
    return _decided_value(evaluation, name, node)


def _decided_value(evaluation: Evaluation, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    """Return the value that the scenario decides on, from the possible values."""
    scenario, index = evaluation.scenario, evaluation.template.index
    values = evaluation.template.possible_values(name)
    decided = values[0]
    if len(values) > 1:
        decided = scenario.decide((DecisionKind.PARAMETER, index, name), values)
        scenario.parameters[index, name] = decided
    if decided is not OTHER:
        value, is_hidden = evaluation.template.decided_value(name, decided)
        if is_hidden:
            scenario.placeholders.add((index, name))
        return value
    scenario.differs[index, canonical_key(node)] = evaluation.template.possible_texts(name)
    return Unresolved(node)


def reference_from(value: object, template: Template) -> Reference | None:
    """Return the reference of a value that another template passes or exports."""
    reference = value.refers_to if isinstance(value, Unresolved) else None
    if reference is None or reference.template is not None:
        return reference
    return attrs.evolve(reference, template=template.input.name)


def evaluate_pseudo_parameter(evaluation: Evaluation, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    """Return the value of a pseudo parameter such as ``AWS::Region``.

    Args:
        evaluation: Evaluation of the template.
        name: Name of the pseudo parameter.
        node: Expression that refers to it.
    """
    if name == "AWS::NoValue":
        return NO_VALUE
    root = evaluation.scenario.app.root_of(evaluation.template).input
    if name == "AWS::Region":
        return root.region if root.region is not None else Unresolved(node)
    if name == "AWS::AccountId":
        return root.account if root.account is not None else Unresolved(node)
    if name in {"AWS::Partition", "AWS::URLSuffix"} and root.region is not None:
        for pattern, partition, suffix in _PARTITIONS:
            if pattern.fullmatch(root.region):
                return partition if name == "AWS::Partition" else suffix
    return Unresolved(node)

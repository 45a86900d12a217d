"""Parameters and pseudo parameters in a scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import attrs

from cdk_epc.spec.unresolved import Reference, Unresolved, is_mapping
from cdk_epc.templates.expressions import Scalar, canonical_key, is_function, is_scalar, text
from cdk_epc.templates.parameter_values import OTHER, is_list_type
from cdk_epc.templates.scenarios import DecisionKind, Evaluation
from cdk_epc.templates.template import Template


class NoValue:
    """What ``AWS::NoValue`` is: the member or the item that holds it is not there."""


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
"""Regions, their partition and the end of the addresses of their services.

Source: ``partitions.json`` of botocore.
"""


@attrs.frozen(eq=False)
class NestedStack:
    """A template used as a nested stack.

    Attributes:
        parent: The template around it.
        logical_id: The nested stack in that template.
        arguments: What is given for its parameters; ``None`` if that cannot be told.
    """

    parent: Template
    logical_id: str
    arguments: Mapping[str, Any] | None

    @classmethod
    def of(cls, template: Template, logical_id: str) -> NestedStack:
        """The use by a resource of type ``AWS::CloudFormation::Stack``."""
        given = template.raw(logical_id, "Parameters")
        if given is None:
            readable = not any(map(is_function, template.raw_properties(logical_id)))
            return cls(template, logical_id, {} if readable else None)
        readable = is_mapping(given) and not any(map(is_function, given))
        return cls(template, logical_id, given if readable else None)

    def parent_evaluation(self, inner: Evaluation) -> Evaluation:
        """The template around it in the same scenario."""
        return inner.within(self.parent)


def nested_stack_of(evaluation: Evaluation) -> NestedStack | None:
    """The use of the template as a nested stack; ``None`` if it is none."""
    uses = evaluation.scenario.app.nested_stacks.get(evaluation.template.index, ())
    if len(uses) > 1:
        return evaluation.scenario.decide(
            (DecisionKind.NESTED_STACK, evaluation.template.index), uses
        )
    return uses[0] if uses else None


def argument_of(use: NestedStack, parameter: str) -> tuple[Any] | None:
    """The expression that is given for a parameter, if there is one."""
    if use.arguments is None or parameter not in use.arguments:
        return None
    return (use.arguments[parameter],)


def parameter(evaluation: Evaluation, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    """The value of a parameter; ``node`` is the expression that asks for it."""
    place = (_value, evaluation.template.index, name)
    return evaluation.scenario.compute_once(
        place, lambda: _value(evaluation, name, node), Unresolved(node)
    )


def _value(evaluation: Evaluation, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    declared = evaluation.template.parameters[name]
    use = nested_stack_of(evaluation)
    if use is not None:
        if use.arguments is None:
            return Unresolved(node)
        if given := argument_of(use, name):
            value = use.parent_evaluation(evaluation).evaluate(given[0])
            if is_scalar(value):
                return _listed(declared, value)
            if value is not NO_VALUE:
                return Unresolved(node, reference_from(value, use.parent))
    return _own_value(evaluation, name, node)


def _own_value(evaluation: Evaluation, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    domain = evaluation.template.possible_values(name)
    chosen = domain[0]
    if len(domain) > 1:
        chosen = evaluation.scenario.decide(
            (DecisionKind.PARAMETER, evaluation.template.index, name), domain
        )
        evaluation.scenario.parameters[evaluation.template.index, name] = chosen
    if chosen is not OTHER:
        return _listed(evaluation.template.parameters[name], chosen)
    written = frozenset(text(value) for value in domain if value is not OTHER)
    evaluation.scenario.differs[evaluation.template.index, canonical_key(node)] = written
    return Unresolved(node)


def _listed(declared: object, value: Scalar) -> Scalar | list[str]:
    if is_mapping(declared) and is_list_type(declared):
        return [item.strip() for item in text(value).split(",")]
    return value


def reference_from(value: object, template: Template) -> Reference | None:
    """The resource behind a value of another template."""
    reference = value.refers_to if isinstance(value, Unresolved) else None
    if reference is None or reference.template is not None:
        return reference
    return attrs.evolve(reference, template=template.input.name)


def evaluate_pseudo_parameter(evaluation: Evaluation, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    """The value of ``AWS::Region`` and its like."""
    if name == "AWS::NoValue":
        return NO_VALUE
    placed = evaluation.scenario.app.root_of(evaluation.template).input
    if name == "AWS::Region":
        return placed.region if placed.region is not None else Unresolved(node)
    if name == "AWS::AccountId":
        return placed.account if placed.account is not None else Unresolved(node)
    if name in {"AWS::Partition", "AWS::URLSuffix"} and placed.region is not None:
        for pattern, partition, suffix in _PARTITIONS:
            if pattern.fullmatch(placed.region):
                return partition if name == "AWS::Partition" else suffix
    return Unresolved(node)

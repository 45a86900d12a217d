"""Parameters and pseudo parameters in a scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import attrs

from cdk_epc.spec.unresolved import Reference, Unresolved, is_mapping
from cdk_epc.templates.expressions import Scalar, canonical, is_function, is_scalar, text
from cdk_epc.templates.parameter_values import OTHER, is_list_type
from cdk_epc.templates.scenarios import Decision, Scope
from cdk_epc.templates.template import Source


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
class Use:
    """A template used as a nested stack.

    Attributes:
        source: The template around it.
        logical_id: The nested stack in that template.
        arguments: What is given for its parameters; ``None`` if that cannot be told.
    """

    source: Source
    logical_id: str
    arguments: Mapping[str, Any] | None

    @classmethod
    def of(cls, source: Source, logical_id: str) -> Use:
        """The use by a resource of type ``AWS::CloudFormation::Stack``."""
        given = source.raw(logical_id, "Parameters")
        if given is None:
            readable = not any(map(is_function, source.raw_properties(logical_id)))
            return cls(source, logical_id, {} if readable else None)
        readable = is_mapping(given) and not any(map(is_function, given))
        return cls(source, logical_id, given if readable else None)

    def scope(self, inner: Scope) -> Scope:
        """The template around it in the same scenario."""
        return inner.within(self.source)


def enclosing(scope: Scope) -> Use | None:
    """The use of the template as a nested stack; ``None`` if it is none."""
    uses = scope.run.app.uses.get(scope.source.index, ())
    if len(uses) > 1:
        return scope.run.decide((Decision.USE, scope.source.index), uses)
    return uses[0] if uses else None


def argument_of(use: Use, parameter: str) -> tuple[Any] | None:
    """The expression that is given for a parameter, if there is one."""
    if use.arguments is None or parameter not in use.arguments:
        return None
    return (use.arguments[parameter],)


def parameter(scope: Scope, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    """The value of a parameter; ``node`` is the expression that asks for it."""
    place = (_value, scope.source.index, name)
    return scope.run.once(place, lambda: _value(scope, name, node), Unresolved(node))


def _value(scope: Scope, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    declared = scope.source.parameters[name]
    use = enclosing(scope)
    if use is not None:
        if use.arguments is None:
            return Unresolved(node)
        if given := argument_of(use, name):
            value = use.scope(scope).evaluate(given[0])
            if is_scalar(value):
                return _listed(declared, value)
            if value is not NO_VALUE:
                return Unresolved(node, from_another(value, use.source))
    return _own_value(scope, name, node)


def _own_value(scope: Scope, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    domain = scope.source.domain(name)
    chosen = domain[0]
    if len(domain) > 1:
        chosen = scope.run.decide((Decision.PARAMETER, scope.source.index, name), domain)
        scope.run.parameters[scope.source.index, name] = chosen
    if chosen is not OTHER:
        return _listed(scope.source.parameters[name], chosen)
    written = frozenset(text(value) for value in domain if value is not OTHER)
    scope.run.differs[scope.source.index, canonical(node)] = written
    return Unresolved(node)


def _listed(declared: object, value: Scalar) -> Scalar | list[str]:
    if is_mapping(declared) and is_list_type(declared):
        return [item.strip() for item in text(value).split(",")]
    return value


def from_another(value: object, source: Source) -> Reference | None:
    """The resource behind a value of another template."""
    reference = value.refers_to if isinstance(value, Unresolved) else None
    if reference is None or reference.template is not None:
        return reference
    return attrs.evolve(reference, template=source.placed.name)


def pseudo_parameter(scope: Scope, name: str, node: object) -> Any:  # noqa: ANN401 - JSON
    """The value of ``AWS::Region`` and its like."""
    if name == "AWS::NoValue":
        return NO_VALUE
    placed = scope.run.app.outermost(scope.source).placed
    if name == "AWS::Region":
        return placed.region if placed.region is not None else Unresolved(node)
    if name == "AWS::AccountId":
        return placed.account if placed.account is not None else Unresolved(node)
    if name in {"AWS::Partition", "AWS::URLSuffix"} and placed.region is not None:
        for pattern, partition, suffix in _PARTITIONS:
            if pattern.fullmatch(placed.region):
                return partition if name == "AWS::Partition" else suffix
    return Unresolved(node)

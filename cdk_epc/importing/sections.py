"""Sections of a template other than its resources, as statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from cdk_epc.importing.expressions import (
    Expressions,
    NotTypedError,
    UnusableSourceError,
    function_of,
)
from cdk_epc.importing.syntax import (
    Atom,
    Comment,
    Expression,
    Line,
    Mapped,
    Statement,
    call,
    listing,
    text_literal,
)
from cdk_epc.spec.unresolved import is_list, is_mapping, objects_in

_OPTIONS: Final = "self.template_options"
_KNOWN: Final = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    }
)
_RULE_FUNCTIONS: Final = {
    "Fn::Contains": ("cdk.Fn.condition_contains", (True, False)),
    "Fn::EachMemberEquals": ("cdk.Fn.condition_each_member_equals", (True, False)),
    "Fn::EachMemberIn": ("cdk.Fn.condition_each_member_in", (True, True)),
}
_LOGICAL: Final = {
    "Fn::And": "cdk.Fn.condition_and",
    "Fn::Or": "cdk.Fn.condition_or",
    "Fn::Not": "cdk.Fn.condition_not",
}
_MAX_DEPTH: Final = 30


class Variables(Protocol):
    """Function that returns the variable of a kind of object with a logical id."""

    def __call__(self, kind: str, logical_id: str) -> str:
        """Return the name of the variable."""
        ...


class SectionConversion:
    """Conversion of the sections of one template."""

    def __init__(
        self,
        expressions: Expressions,
        variables: Variables,
        new_id: Callable[[str, str], str],
    ) -> None:
        """Create a conversion.

        Args:
            expressions: Converter of values.
            variables: Names of variables.
            new_id: Function that returns the construct id for a logical id, with an ending where
                the id is used already.
        """
        self._expressions = expressions
        self._variables = variables
        self._new_id = new_id
        self._conditions: Mapping[str, Any] = {}
        self._done: set[str] = set()

    def options(self, template: Mapping[str, Any]) -> list[Line]:
        """Return the statements for description, transforms and metadata."""
        lines: list[Line] = []
        if isinstance(description := template.get("Description"), str):
            lines.append(Statement(text_literal(description), f"{_OPTIONS}.description"))
        transform = template.get("Transform")
        if transform is not None:
            given = transform if is_list(transform) else [transform]
            if not all(isinstance(each, str) for each in given):
                raise UnusableSourceError("CDK cannot express a transform with parameters")
            texts = listing([text_literal(each) for each in given])
            lines.append(Statement(texts, f"{_OPTIONS}.transforms"))
        metadata = template.get("Metadata")
        if is_mapping(metadata) and metadata:
            value = self._expressions.raw(dict(metadata))
            lines.append(Statement(value, f"{_OPTIONS}.metadata"))
        lines += [
            Comment(f"CDK cannot express the section {name} of the template.")
            for name in template
            if name not in _KNOWN
        ]
        return lines

    def parameters(self, parameters: Mapping[str, Any]) -> list[Line]:
        """Return the statements that create parameters."""
        lines: list[Line] = []
        for logical_id, given in parameters.items():
            if not is_mapping(given) or not isinstance(given.get("Type"), str):
                raise UnusableSourceError(f"the parameter {logical_id} has no type")
            construct_id = self._new_id(logical_id, "")
            if construct_id != logical_id:
                raise UnusableSourceError(f"the logical id {logical_id} is used twice")
            left = dict(given)
            created = call(
                "cdk.CfnParameter",
                Atom("self"),
                text_literal(construct_id),
                type=text_literal(left.pop("Type")),
                **self._parameter(left),
            )
            if left:
                words = ", ".join(str(each) for each in left)
                lines.append(Comment(f"Left out, because CDK has no such argument: {words}."))
            lines.append(Statement(created, self._variables("parameter", logical_id)))
        return lines

    def _parameter(self, left: dict[str, Any]) -> dict[str, Expression | None]:
        raw, text, number = self._expressions.raw, self._expressions.text, self._expressions.number
        converters: dict[str, tuple[str, Callable[[Any], Expression]]] = {
            "Default": ("default", raw),
            "Description": ("description", text),
            "AllowedPattern": ("allowed_pattern", text),
            "AllowedValues": ("allowed_values", self._expressions.texts),
            "ConstraintDescription": ("constraint_description", text),
            "MaxLength": ("max_length", number),
            "MinLength": ("min_length", number),
            "MaxValue": ("max_value", number),
            "MinValue": ("min_value", number),
            "NoEcho": ("no_echo", _flag),
        }
        found: dict[str, Expression | None] = {}
        for name, (argument, convert) in converters.items():
            if name in left:
                try:
                    found[argument] = convert(left[name])
                except NotTypedError:
                    continue
                del left[name]
        return found

    def mappings(self, mappings: Mapping[str, Any]) -> list[Line]:
        """Return the statements that create mappings."""
        lines: list[Line] = []
        for logical_id, given in mappings.items():
            if not is_mapping(given) or function_of(given) is not None:
                raise UnusableSourceError(f"the mapping {logical_id} must be a map")
            self._add(
                lines,
                "mapping",
                logical_id,
                "Mapping",
                "cdk.CfnMapping",
                mapping=self._expressions.raw(given),
            )
        return lines

    def conditions(self, conditions: Mapping[str, Any]) -> list[Line]:
        """Return the statements that create conditions, each after those that it refers to."""
        self._conditions = conditions
        lines: list[Line] = []
        for logical_id in self._conditions:
            self._condition(logical_id, lines, ())
        return lines

    def _condition(self, logical_id: str, lines: list[Line], above: tuple[str, ...]) -> None:
        if logical_id in self._done:
            return
        if logical_id not in self._conditions:
            raise UnusableSourceError(f"the condition {logical_id} does not exist")
        if logical_id in above or len(above) > _MAX_DEPTH:
            raise UnusableSourceError(f"the condition {logical_id} refers to itself")
        given = self._conditions[logical_id]
        for other in _condition_names(given):
            self._condition(other, lines, (*above, logical_id))
        self._done.add(logical_id)
        expression = self._rule(given)
        self._add(
            lines,
            "condition",
            logical_id,
            "Condition",
            "cdk.CfnCondition",
            expression=expression,
        )

    def rules(self, rules: Mapping[str, Any]) -> list[Line]:
        """Return the statements that create rules."""
        lines: list[Line] = []
        for logical_id, given in rules.items():
            assertions = given.get("Assertions") if is_mapping(given) else None
            if not is_mapping(given) or not is_list(assertions):
                raise UnusableSourceError(f"the rule {logical_id} has no assertions")
            condition = given.get("RuleCondition")
            self._add(
                lines,
                "rule",
                logical_id,
                "Rule",
                "cdk.CfnRule",
                rule_condition=None if condition is None else self._rule(condition),
                assertions=listing([self._assertion(each) for each in assertions]),
            )
        return lines

    def _assertion(self, given: Any) -> Expression:  # noqa: ANN401 - JSON
        if not is_mapping(given):
            raise UnusableSourceError("an assertion of a rule must be a map")
        return call(
            "cdk.CfnRuleAssertion",
            assert_=self._rule(given.get("Assert")),
            assert_description=text_literal(str(given.get("AssertDescription", ""))),
        )

    def outputs(self, outputs: Mapping[str, Any]) -> list[Line]:
        """Return the statements that create outputs."""
        lines: list[Line] = []
        for logical_id, given in outputs.items():
            if not is_mapping(given) or "Value" not in given:
                raise UnusableSourceError(f"the output {logical_id} has no value")
            export = given.get("Export")
            name = export.get("Name") if is_mapping(export) else None
            condition, description = given.get("Condition"), given.get("Description")
            is_known = isinstance(condition, str) and condition in self._done
            if condition is not None and not is_known:
                raise UnusableSourceError(f"the condition of the output {logical_id} is missing")
            try:
                self._add(
                    lines,
                    "output",
                    logical_id,
                    "Output",
                    "cdk.CfnOutput",
                    value=self._expressions.text(given["Value"]),
                    description=None if description is None else text_literal(str(description)),
                    export_name=None if name is None else self._expressions.text(name),
                    condition=None
                    if condition is None
                    else Atom(self._variables("condition", condition)),
                )
            except NotTypedError as error:
                raise UnusableSourceError(f"the output {logical_id}: {error}") from None
        return lines

    def _add(
        self,
        lines: list[Line],
        kind: str,
        logical_id: str,
        ending: str,
        function: str,
        **arguments: Expression | None,
    ) -> None:
        construct_id = self._new_id(logical_id, ending)
        created = call(function, Atom("self"), text_literal(construct_id), **arguments)
        variable = self._variables(kind, logical_id)
        lines.append(Statement(created, variable))
        if construct_id != logical_id:
            override = call(f"{variable}.override_logical_id", text_literal(logical_id))
            lines.append(Statement(override))

    def _rule(self, given: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return an expression of the type ``ICfnConditionExpression``.

        Raises:
            UnusableSourceError: The function is unknown.
        """
        name = function_of(given)
        if name is None:
            raise UnusableSourceError("a condition must be an intrinsic function")
        arguments = given[name]
        if name == "Condition" and isinstance(arguments, str) and arguments in self._done:
            return Atom(self._variables("condition", arguments))
        if name in _LOGICAL and is_list(arguments) and arguments:
            return call(_LOGICAL[name], *(self._rule(each) for each in arguments))
        is_pair = is_list(arguments) and len(arguments) == 2  # noqa: PLR2004 - two arguments
        if name == "Fn::Equals" and is_pair:
            return call("cdk.Fn.condition_equals", *map(self._rule_value, arguments))
        if name in _RULE_FUNCTIONS and is_pair:
            function, are_lists = _RULE_FUNCTIONS[name]
            values = zip(arguments, are_lists, strict=True)
            return call(function, *(self._listed(each, is_many) for each, is_many in values))
        raise UnusableSourceError(f"CDK cannot express the function {name} of a condition")

    def _listed(self, value: Any, is_many: bool) -> Expression:  # noqa: ANN401, FBT001 - see above
        if is_many and function_of(value) == "Fn::RefAll" and isinstance(value["Fn::RefAll"], str):
            return call("cdk.Fn.ref_all", text_literal(value["Fn::RefAll"]))
        try:
            return self._expressions.texts(value) if is_many else self._expressions.text(value)
        except NotTypedError as error:
            raise UnusableSourceError(
                f"CDK cannot express a value of a condition: {error}"
            ) from None

    def _rule_value(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        if function_of(value) == "Condition":
            return Mapped((("Condition", text_literal(str(value["Condition"]))),))
        return self._expressions.raw(value)


def _flag(value: Any) -> Expression:  # noqa: ANN401 - JSON
    if value in (True, "true", "True", "TRUE"):
        return Atom("True")
    if value in (False, "false", "False", "FALSE"):
        return Atom("False")
    raise NotTypedError("a boolean is expected")


def _condition_names(value: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return the conditions that a condition refers to."""
    return [
        name
        for each in objects_in(value)
        if len(each) == 1 and isinstance(name := each.get("Condition"), str)
    ]

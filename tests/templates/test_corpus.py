"""Requests of the corpus as templates: the same findings with every form of the values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kit.requests import Request, load
from kit.templates import errors_in, template_of, value_at

from cdk_epc.requests import check_request
from cdk_epc.rules import RULES, Severity
from cdk_epc.templates import check_template
from cdk_epc.templates.parameter_defaults import SINGLE_VALUE_RULES

ACCEPTED: dict[str, Request] = {
    each["id"]: each["request"] for each in load("accepted_requests.json")
}
REJECTED: dict[str, Request] = {
    each["id"]: each["request"] for each in load("rejected_requests.json")
}
OF_TEMPLATES = {rule.id for rule in RULES if rule.of_templates}


def rewritten(value: Any, write: Callable[[Any], Any]) -> Any:
    """Return the same JSON with every scalar in another form."""
    if isinstance(value, dict):
        return {key: rewritten(inner, write) for key, inner in value.items()}
    if isinstance(value, list):
        return [rewritten(inner, write) for inner in value]
    return write(value)


def literal(request: Request) -> dict[str, Any]:
    return template_of(request)


def by_parameters(request: Request) -> dict[str, Any]:
    parameters: dict[str, Any] = {}

    def write(value: Any) -> Any:
        name = f"P{len(parameters)}"
        parameters[name] = {"Type": "String", "AllowedValues": [as_text(value)]}
        return {"Ref": name}

    return template_of(rewritten(request, write), Parameters=parameters)


def by_defaults(request: Request) -> dict[str, Any]:
    """Use one parameter for all equal values, because each parameter adds scenarios."""
    parameters: dict[str, Any] = {}

    def write(value: Any) -> Any:
        name = f"P{type(value).__name__}{value}"
        parameters[name] = {"Type": "String", "Default": value}
        return {"Ref": name}

    return template_of(rewritten(request, write), Parameters=parameters)


def by_equal_branches(request: Request) -> dict[str, Any]:
    conditions = {"IsProd": {"Fn::Equals": [{"Ref": "AWS::StackName"}, "prod"]}}
    properties = rewritten(request, lambda value: {"Fn::If": ["IsProd", value, value]})
    return template_of(properties, Conditions=conditions)


def by_mappings(request: Request) -> dict[str, Any]:
    table: dict[str, Any] = {}

    def write(value: Any) -> Any:
        key = f"K{len(table)}"
        table[key] = {"Value": value}
        return {"Fn::FindInMap": ["Values", key, "Value"]}

    return template_of(rewritten(request, write), Mappings={"Values": table})


def by_functions(request: Request) -> dict[str, Any]:
    def write(value: Any) -> Any:
        return {"Fn::Select": ["1", ["no", {"Fn::Join": ["", [as_text(value)]]}]]}

    return template_of(rewritten(request, write))


def as_text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else str(value)


FORMS = [literal, by_parameters, by_defaults, by_equal_branches, by_mappings, by_functions]
each_form = pytest.mark.parametrize("form", FORMS)


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_with_its_name(name: str) -> None:
    assert errors_in(template_of(ACCEPTED[name])) == []


@each_form
@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str, form: Callable[[Request], dict[str, Any]]) -> None:
    # A request must have a name, but a fixed name in a template is a warning.
    nameless = {key: value for key, value in ACCEPTED[name].items() if key != "EndpointConfigName"}
    assert errors_in(form(nameless)) == []


@each_form
@pytest.mark.parametrize("name", REJECTED)
def test_rejected(name: str, form: Callable[[Request], dict[str, Any]]) -> None:
    expected = [
        (each.rule_id, each.path)
        for each in check_request(REJECTED[name])
        if each.severity is Severity.ERROR
    ]
    errors = errors_in(form(REJECTED[name]))
    if form is by_defaults:
        of_defaults = [each for each in expected if each[0] in SINGLE_VALUE_RULES]
        expected = [each for each in expected if each not in of_defaults]
        findings = check_template(form(REJECTED[name]))
        warned = [each for each in findings if each.rule_id == "parameter-default-invalid"]
        assert bool(warned) == bool(of_defaults)
    found = [(each.rule_id, each.path) for each in errors]
    assert [each for each in found if each[0] not in OF_TEMPLATES] == expected
    assert all(each.resource == "Config" for each in errors)


@pytest.mark.parametrize("name", REJECTED)
def test_positions_of_rejected_values(name: str) -> None:
    template = by_equal_branches(REJECTED[name])
    plain = [each for each in errors_in(template) if type(each.got) in {str, int, float}]
    assert [value_at(each.place, template) for each in plain] == [each.got for each in plain]

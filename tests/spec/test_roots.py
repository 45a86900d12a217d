"""Models, endpoints and components: JSON, bounds, and comparison with the published models."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.validate import ParamValidator
from cfnlint.jsonschema import StandardValidator  # type: ignore[import-untyped]
from hypothesis import given, settings
from kit.published_models import cfn_schema, request_shape
from kit.strategies import beyond, member_values, resources, steady
from kit.subjects import FULL_SUBJECTS

from cdk_epc.rules import Finding, Severity, check
from cdk_epc.spec import (
    ContainerDefinition,
    EndpointSpec,
    InferenceComponentSpec,
    ModelSpec,
    Spec,
)
from cdk_epc.spec.fields import Member, members_of
from cdk_epc.spec.wire import UnknownMember, spec_from_json, to_json, to_l1
from cdk_epc.templates.app import NAME_PROPERTIES
from tools.published.models import COMPONENT, ENDPOINT, MODEL, Resource

few = settings(steady, max_examples=10)

ROOTS: dict[str, Any] = {
    "model": ModelSpec,
    "endpoint": EndpointSpec,
    "component": InferenceComponentSpec,
}
OF_VALUES = {
    "value-type-wrong",
    "value-out-of-range",
    "value-length-wrong",
    "value-pattern-mismatch",
    "value-not-allowed",
    "value-unpublished",
    "list-length-wrong",
}


def all_members(cls: type[Spec], at: tuple[Member, ...] = ()) -> list[tuple[Member, ...]]:
    """Return every plain member below a class, each after its parents."""
    found = []
    for member in members_of(cls):
        if member.nested is not None:
            found += all_members(member.nested, (*at, member))
        else:
            found.append((*at, member))
    return found


PLAIN = {
    f"{kind} {'.'.join(member.wire for member in members)}": (cls, members)
    for kind, cls in ROOTS.items()
    for members in all_members(cls)
    if members[0].wire != "Containers"  # the class is the same as that of the primary container
}


def test_json_of_a_spec_equals_the_request() -> None:
    for kind, cls in ROOTS.items():
        for data in FULL_SUBJECTS[kind].values():
            spec, unknown_members = spec_from_json(cls, data)
            assert (to_json(spec), unknown_members) == (data, [])
            assert spec_from_json(cls, to_json(spec)) == (spec, [])


def test_keys_of_a_map_are_kept() -> None:
    given_map = {"snake_case": "1", "Pascal": "", "Env": "é"}
    spec, unknown_members = spec_from_json(ContainerDefinition, {"Environment": given_map})
    assert unknown_members == []
    assert spec.environment == given_map
    assert to_json(spec) == {"Environment": given_map}
    assert to_l1(spec) == {"environment": given_map}


def test_null_in_a_map_is_reported_and_left_out() -> None:
    spec, unknown_members = spec_from_json(
        ModelSpec, {"PrimaryContainer": {"Environment": {"A": None, "B": "1"}}}
    )
    assert unknown_members == [
        UnknownMember(path=("primary_container", "environment", "A"), value=None)
    ]
    assert to_json(spec) == {"PrimaryContainer": {"Environment": {"B": "1"}}}


@pytest.mark.parametrize("value", ["{}", ["A"], 0, False, "${Token[TOKEN.1]}"])
def test_a_value_of_another_type_than_map_is_kept(value: object) -> None:
    spec, unknown_members = spec_from_json(ContainerDefinition, {"Environment": value})
    assert (spec.environment, unknown_members) == (value, [])


def _findings_at(cls: Any, members: tuple[Member, ...], value: object) -> list[Finding]:
    """Findings of the rules on single values for a value of the last member."""
    for member in reversed(members):
        value = {member.wire: value}
        if member is not members[0]:
            outer = members[members.index(member) - 1]
            value = [value] * max(1, outer.min_items or 0) if outer.is_list else value
    spec, unknown_members = spec_from_json(cls, value)
    assert unknown_members == []
    return [each for each in check(spec) if each.rule_id in OF_VALUES]


def test_values_within_the_bounds_have_no_finding() -> None:
    assert {place: wrong for place in PLAIN if (wrong := _refused_within(place))} == {}


def _refused_within(place: str) -> list[object]:
    """Values within the bounds of a member that have a finding."""
    cls, members = PLAIN[place]
    wrong: list[object] = []

    @few
    @given(member_values(members[-1]))
    def draw(value: object) -> None:
        if findings := _findings_at(cls, members, value):
            wrong.append((value, findings))

    draw()
    return wrong


def test_values_beyond_a_bound_have_a_finding() -> None:
    assert {place: wrong for place in PLAIN if (wrong := _accepted_beyond(place))} == {}


def _accepted_beyond(place: str) -> list[object]:
    """Values beyond a bound of a member that have no finding."""
    cls, members = PLAIN[place]
    member, wrong = members[-1], list[object]()

    @few
    @given(beyond(member))
    def draw(value: object) -> None:
        whole: object = [value] if member.is_list else value
        whole = {"KEY": value} if member.key is not None else whole
        # None stands for a missing value.
        if value is not None and not _findings_at(cls, members, whole):
            wrong.append(value)

    draw()
    return wrong


def published_violations(resource: Resource, operation: str, data: dict[str, Any]) -> list[str]:
    """Errors of the two published models for a resource."""
    report = ParamValidator().validate(data, request_shape(operation))
    schema = StandardValidator(cfn_schema(resource))
    return [
        *report.generate_report().splitlines(),
        *(error.message for error in schema.iter_errors(data)),
    ]


@pytest.mark.parametrize(
    ("resource", "operation"),
    [
        (MODEL, "CreateModel"),
        (ENDPOINT, "UpdateEndpoint"),
        (COMPONENT, "CreateInferenceComponent"),
    ],
)
def test_resources_without_errors_are_accepted_by_the_published_models(
    resource: Resource, operation: str
) -> None:
    counted: Counter[str] = Counter()
    name = NAME_PROPERTIES[resource.name]

    @steady
    @given(resources(resource.spec))
    def holds(data: dict[str, Any]) -> None:
        counted["drawn"] += 1
        spec, unknown_members = spec_from_json(resource.spec, data)
        assert unknown_members == []
        if any(each.severity is Severity.ERROR for each in check(spec)):
            return
        counted["accepted"] += 1
        data.setdefault(name, "name")
        reported = published_violations(resource, operation, data)
        assert [each for each in reported if not _is_meant(each)] == []

    holds()
    assert counted["accepted"] > counted["drawn"] / 10  # so that the test is not empty


OTHER_OPERATION = {"Tags", "DeploymentConfig", "EndpointArn"}
"""Members of CloudFormation that the API has only in another operation, or not at all."""


def _is_meant(violation: str) -> bool:
    """Return whether a violation is an intended difference."""
    return (
        "WaitIntervalInSeconds" in violation  # optional in CloudFormation
        or any(
            violation.startswith(f'Unknown parameter in input: "{each}"')
            for each in OTHER_OPERATION
        )
    )

"""Models, endpoints, components: on the wire, by their bounds, and before the published models."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.validate import ParamValidator
from cfnlint.jsonschema import StandardValidator  # type: ignore[import-untyped]
from hypothesis import given, settings
from kit.published import cfn_schema, request_shape
from kit.strategies import beyond, member_values, objects
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
from cdk_epc.spec.wire import UnknownMember, structured, to_json, to_l1
from cdk_epc.templates.app import NAME_PROPERTIES
from tools.published.models import COMPONENT, ENDPOINT, MODEL, Resource

# The same examples on every machine: a failure in CI is one that anybody can see again.
steady = settings(deadline=None, derandomize=True, database=None, max_examples=150)
few = settings(steady, max_examples=10)

ROOTS: dict[str, Any] = {
    "model": ModelSpec,
    "endpoint": EndpointSpec,
    "component": InferenceComponentSpec,
}
WHOLE = [(kind, name) for kind in ROOTS for name in FULL_SUBJECTS[kind]]
OF_VALUES = {
    "value-type-wrong",
    "value-out-of-range",
    "value-length-wrong",
    "value-pattern-mismatch",
    "value-not-allowed",
    "list-length-wrong",
}


def all_members(cls: type[Spec], at: tuple[Member, ...] = ()) -> list[tuple[Member, ...]]:
    """Every plain member under a class, each after the members that it stands in."""
    found = []
    for member in members_of(cls):
        if member.part is not None:
            found += all_members(member.part, (*at, member))
        else:
            found.append((*at, member))
    return found


PLAIN = {
    f"{kind} {'.'.join(member.wire for member in members)}": (cls, members)
    for kind, cls in ROOTS.items()
    for members in all_members(cls)
    if members[0].wire != "Containers"  # the class is that of the primary one
}


@pytest.mark.parametrize(("kind", "name"), WHOLE)
def test_a_subject_comes_out_as_it_went_in(kind: str, name: str) -> None:
    data = FULL_SUBJECTS[kind][name]
    spec, unknown_members = structured(ROOTS[kind], data)
    assert (to_json(spec), unknown_members) == (data, [])
    assert structured(ROOTS[kind], to_json(spec)) == (spec, [])


def test_keys_of_a_map_are_kept_in_every_form() -> None:
    given_map = {"snake_case": "1", "Pascal": "", "Env": "é"}
    spec, unknown_members = structured(ContainerDefinition, {"Environment": given_map})
    assert unknown_members == []
    assert spec.environment == given_map
    assert to_json(spec) == {"Environment": given_map}
    assert to_l1(spec) == {"environment": given_map}


def test_null_in_a_map_is_told_and_left_out() -> None:
    spec, unknown_members = structured(
        ModelSpec, {"PrimaryContainer": {"Environment": {"A": None, "B": "1"}}}
    )
    assert unknown_members == [
        UnknownMember(path=("primary_container", "environment", "A"), value=None)
    ]
    assert to_json(spec) == {"PrimaryContainer": {"Environment": {"B": "1"}}}


@pytest.mark.parametrize("value", ["{}", ["A"], 0, False, "${Token[TOKEN.1]}"])
def test_what_is_no_map_is_kept(value: object) -> None:
    spec, unknown_members = structured(ContainerDefinition, {"Environment": value})
    assert (spec.environment, unknown_members) == (value, [])


def _findings_at(cls: Any, members: tuple[Member, ...], value: object) -> list[Finding]:
    """The findings about single values, for a value of the last member."""
    for member in reversed(members):
        value = {member.wire: value}
        if member is not members[0]:
            outer = members[members.index(member) - 1]
            value = [value] * max(1, outer.min_items or 0) if outer.is_list else value
    spec, unknown_members = structured(cls, value)
    assert unknown_members == []
    return [each for each in check(spec) if each.rule_id in OF_VALUES]


@pytest.mark.parametrize("place", PLAIN)
def test_what_is_within_the_bounds_of_a_member_has_no_finding_there(place: str) -> None:
    cls, members = PLAIN[place]

    @few
    @given(member_values(members[-1]))
    def holds(value: object) -> None:
        assert _findings_at(cls, members, value) == []

    holds()


@pytest.mark.parametrize("place", PLAIN)
def test_what_breaks_a_bound_of_a_member_has_an_error_there(place: str) -> None:
    cls, members = PLAIN[place]
    member = members[-1]

    @few
    @given(beyond(member))
    def breaks(value: object) -> None:
        if value is None:
            return  # which is "not given"
        whole: object = [value] if member.is_list else value
        whole = {"KEY": value} if member.key is not None else whole
        assert _findings_at(cls, members, whole)

    breaks()


def published_violations(resource: Resource, operation: str, data: dict[str, Any]) -> list[str]:
    """What the two published models have against a model or an endpoint."""
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
def test_what_has_no_error_is_accepted_by_the_published_models(
    resource: Resource, operation: str
) -> None:
    counted: Counter[str] = Counter()
    name = NAME_PROPERTIES[resource.name]

    @steady
    @given(objects(resource.spec))  # type: ignore[arg-type]  # classes are hashable
    def holds(data: dict[str, Any]) -> None:
        counted["drawn"] += 1
        spec, unknown_members = structured(resource.spec, data)
        assert unknown_members == []
        if any(each.severity is Severity.ERROR for each in check(spec)):
            return
        counted["accepted"] += 1
        data.setdefault(name, "name")
        reported = published_violations(resource, operation, data)
        assert [each for each in reported if not _is_meant(each)] == []

    holds()
    assert counted["accepted"] > counted["drawn"] / 50  # so that the test is not empty


ELSEWHERE = {"Tags", "DeploymentConfig", "EndpointArn"}
"""Members of CloudFormation that the API has in another operation: creation or update; or not."""


def _is_meant(violation: str) -> bool:
    """Whether a fault is one of the meant differences."""
    return (
        "WaitIntervalInSeconds" in violation  # which CloudFormation does without
        or any(violation.startswith(f'Unknown parameter in input: "{each}"') for each in ELSEWHERE)
    )

"""Properties of all requests: equal JSON, no exception, and no acceptance that AWS refuses."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
from botocore.validate import ParamValidator
from cfnlint.jsonschema import StandardValidator  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.published_models import cfn_schema, request_shape
from kit.requests import (
    FULL_REQUESTS,
    Request,
    changed,
    errors_of,
    findings_of,
    path_text,
    paths_of,
)
from kit.strategies import beyond, json_values, member_values, requests, steady

from cdk_epc.rules import Finding, check
from cdk_epc.rules.requests import unknown_member_violations
from cdk_epc.spec import EndpointConfigSpec, Spec
from cdk_epc.spec.fields import Member, members_of
from cdk_epc.spec.wire import from_json, to_json, to_l1

few = settings(steady, max_examples=15)
many = settings(steady, max_examples=400)

GARBAGE: dict[str, Any] = {
    "nothing": None,
    "true": True,
    "zero": 0,
    "below zero": -1,
    "beyond a float": 10**400,
    "far below zero": -(10**400),
    "no number": math.nan,
    "infinity": math.inf,
    "empty text": "",
    "long text": "x" * 5_000,
    "brackets without end": "(" * 5_000,
    "half a surrogate": "\ud800",
    "line ends": "\n\r\u2028",
    "empty list": [],
    "list of nothing": [None],
    "list of lists": [[[]]],
    "list of objects": [{}, {"Key": []}],
    "empty object": {},
    "object of others": {"VariantName": {}, "Key": [], "": None},
}


def all_members(cls: type[Spec], at: str = "") -> list[tuple[str, Member]]:
    found = []
    for member in members_of(cls):
        found.append((f"{at}{member.wire}", member))
        if member.nested is not None:
            found += all_members(member.nested, f"{at}{member.wire}.")
    return found


MEMBERS = dict(all_members(EndpointConfigSpec))
TOPS = [member.wire for member in members_of(EndpointConfigSpec)]
PLAIN = {
    place: member
    for place, member in MEMBERS.items()
    if member.bounds is not None and not place.startswith("Shadow")
}


@steady
@given(requests())
def test_json_of_a_spec_equals_the_request(request: Request) -> None:
    spec, unknown_members = from_json(request)
    assert to_json(spec) == request
    assert unknown_members == []


@steady
@given(requests())
def test_a_spec_comes_back_equal(request: Request) -> None:
    spec, _ = from_json(request)
    assert from_json(to_json(spec)) == (spec, [])


@steady
@given(st.data())
def test_garbage_is_kept_anywhere(data: st.DataObject) -> None:
    request = FULL_REQUESTS[data.draw(st.sampled_from(sorted(FULL_REQUESTS)))]
    at = data.draw(st.sampled_from(list(paths_of(request))))
    plain = st.one_of(st.booleans(), st.integers(), st.text(), st.lists(st.integers(), max_size=2))
    broken = changed(request, at, data.draw(plain))
    spec, unknown_members = from_json(broken)
    assert to_json(spec) == broken
    assert unknown_members == []


@steady
@given(st.data())
def test_no_json_in_any_place_makes_a_rule_raise(data: st.DataObject) -> None:
    request = FULL_REQUESTS[data.draw(st.sampled_from(sorted(FULL_REQUESTS)))]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from(list(paths_of(request))))
        request = changed(request, at, data.draw(json_values()))
    for finding in findings_of(request):
        assert str(finding)


@steady
@given(st.dictionaries(st.sampled_from(TOPS), json_values()))
def test_no_json_for_a_member_makes_a_rule_raise(request: Request) -> None:
    to_l1(from_json(request)[0])
    assert findings_of(request)  # no drawn value is a valid production variant


@pytest.mark.parametrize("kind", GARBAGE)
def test_no_garbage_in_any_place_makes_a_rule_raise(kind: str) -> None:
    failed: dict[tuple[str, str], str] = {}
    for name, request in FULL_REQUESTS.items():
        for at in paths_of(request):
            try:
                list(map(str, findings_of(changed(request, at, GARBAGE[kind]))))
            except Exception as error:  # noqa: BLE001 - the test lists each exception by its place
                failed[name, path_text(at)] = repr(error)
    assert failed == {}


def test_values_within_the_bounds_have_no_finding() -> None:
    assert {place: wrong for place in PLAIN if (wrong := _refused_within(place))} == {}


def _refused_within(place: str) -> list[object]:
    """Values within the bounds of a member that have a finding."""
    wrong: list[object] = []

    @few
    @given(member_values(PLAIN[place]))
    def draw(value: object) -> None:
        if findings := _bounds_findings(place, value):
            wrong.append((value, findings))

    draw()
    return wrong


def test_values_beyond_a_bound_have_a_finding() -> None:
    assert {place: wrong for place in PLAIN if (wrong := _accepted_beyond(place))} == {}


def _accepted_beyond(place: str) -> list[object]:
    """Values beyond a bound of a member that have no finding."""
    member, wrong = PLAIN[place], list[object]()

    @few
    @given(beyond(member))
    def draw(value: object) -> None:
        given_value = [value] if member.is_list else value
        # None stands for a missing value.
        if given_value is not None and not _bounds_findings(place, given_value):
            wrong.append(value)

    draw()
    return wrong


def _bounds_findings(place: str, value: object) -> list[Finding]:
    """Findings of the rules on single values for a value at one place."""
    request: Any = value
    owner = place
    while owner:
        owner, _, word = owner.rpartition(".")
        request = {word: request}
        if owner and MEMBERS[owner].is_list:
            request = [request]
    spec, unknown_members = from_json(request)
    assert list(unknown_member_violations(unknown_members)) == []
    return [each for each in check(spec) if each.rule_id in OF_VALUES]


OF_VALUES = {
    "value-type-wrong",
    "value-out-of-range",
    "value-length-wrong",
    "value-pattern-mismatch",
    "value-not-allowed",
    "value-unpublished",
    "list-length-wrong",
    "instance-type-malformed",
}


NOT_IN_THE_SCHEMA_YET = {"routing-kv-aware", "instance-type-unknown", "value-unpublished"}
"""Warnings about values that CloudFormation's schema may refuse."""


def test_requests_without_errors_are_accepted_by_the_published_models() -> None:
    schema, shape = StandardValidator(cfn_schema()), request_shape()
    counted: Counter[str] = Counter()

    @many
    @given(requests())
    def holds(request: Request) -> None:
        findings = findings_of(request)
        counted["drawn"] += 1
        if errors_of(request):
            return
        counted["accepted"] += 1
        named = {"EndpointConfigName": "shop", **request}
        report = ParamValidator().validate(named, shape)
        assert report.generate_report() == ""
        if {finding.rule_id for finding in findings}.isdisjoint(NOT_IN_THE_SCHEMA_YET):
            counted["in the schema"] += 1
            assert [error.message for error in schema.iter_errors(request)] == []

    holds()
    assert counted["accepted"] > counted["drawn"] / 4
    assert counted["in the schema"] > counted["accepted"] / 2


@pytest.mark.parametrize("name", FULL_REQUESTS)
def test_the_published_models_refuse_an_invalid_request(name: str) -> None:
    """The two validators of the property above are effective."""
    broken = changed(FULL_REQUESTS[name], "ProductionVariants[0].VariantName", 1)
    assert list(StandardValidator(cfn_schema()).iter_errors(broken))
    report = ParamValidator().validate({"EndpointConfigName": "n", **broken}, request_shape())
    assert report.has_errors()

"""What holds for every request: the same on the wire, no crash, and no pass that AWS refuses."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
from botocore.validate import ParamValidator
from cfnlint.jsonschema import StandardValidator  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.published import cfn_schema, request_shape
from kit.specs import (
    FULL_REQUESTS,
    Request,
    changed,
    errors_of,
    findings_of,
    places_of,
    words_of,
)
from kit.strategies import beyond, json_values, member_values, requests

from cdk_epc.rules import Finding, check
from cdk_epc.rules.requests import unknown_member_violations
from cdk_epc.spec import EndpointConfigSpec, Spec
from cdk_epc.spec.fields import Member, members_of
from cdk_epc.spec.wire import from_json, to_json, to_l1

# The same examples on every machine: a failure in CI is one that anybody can see again.
steady = settings(deadline=None, derandomize=True, database=None, max_examples=150)
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
def test_a_request_comes_out_as_it_went_in(request: Request) -> None:
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
    at = data.draw(st.sampled_from(list(places_of(request))))
    plain = st.one_of(st.booleans(), st.integers(), st.text(), st.lists(st.integers(), max_size=2))
    broken = changed(request, at, data.draw(plain))
    spec, unknown_members = from_json(broken)
    assert to_json(spec) == broken
    assert unknown_members == []


@steady
@given(st.data())
def test_no_json_anywhere_makes_a_rule_fail(data: st.DataObject) -> None:
    request = FULL_REQUESTS[data.draw(st.sampled_from(sorted(FULL_REQUESTS)))]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from(list(places_of(request))))
        request = changed(request, at, data.draw(json_values()))
    for finding in findings_of(request):
        assert str(finding)


@steady
@given(st.dictionaries(st.sampled_from(TOPS), json_values()))
def test_no_json_for_a_member_makes_a_rule_fail(request: Request) -> None:
    to_l1(from_json(request)[0])
    assert findings_of(request)  # nothing that was drawn has a production variant worth the name


@pytest.mark.parametrize("kind", GARBAGE)
@pytest.mark.parametrize("name", FULL_REQUESTS)
def test_no_garbage_in_any_place_makes_a_rule_fail(name: str, kind: str) -> None:
    request, failed = FULL_REQUESTS[name], {}
    for at in places_of(request):
        try:
            list(map(str, findings_of(changed(request, at, GARBAGE[kind]))))
        except Exception as error:  # noqa: BLE001 - which place made which error is the answer
            failed[words_of(at)] = repr(error)
    assert failed == {}


@pytest.mark.parametrize("place", PLAIN)
def test_what_is_within_the_bounds_of_a_member_has_no_finding_there(place: str) -> None:
    member = PLAIN[place]

    @few
    @given(member_values(member))
    def holds(value: object) -> None:
        findings = _bounds_findings(place, value)
        assert findings == []

    holds()


@pytest.mark.parametrize("place", PLAIN)
def test_what_breaks_a_bound_of_a_member_has_an_error_there(place: str) -> None:
    member = PLAIN[place]

    @few
    @given(beyond(member))
    def breaks(value: object) -> None:
        given_value = [value] if member.is_list else value
        if given_value is None:
            return  # which is "not given"
        rules = {finding.rule_id for finding in _bounds_findings(place, given_value)}
        assert rules

    breaks()


def _bounds_findings(place: str, value: object) -> list[Finding]:
    """The findings at one place by the rules of single values."""
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
"""Warnings that say just this, so CloudFormation's schema may well refuse the value."""


def test_what_has_no_error_is_accepted_by_the_published_models() -> None:
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
def test_the_published_models_refuse_what_they_should(name: str) -> None:
    """The two validators of the property above do see something."""
    broken = changed(FULL_REQUESTS[name], "ProductionVariants[0].VariantName", 1)
    assert list(StandardValidator(cfn_schema()).iter_errors(broken))
    report = ParamValidator().validate({"EndpointConfigName": "n", **broken}, request_shape())
    assert report.has_errors()

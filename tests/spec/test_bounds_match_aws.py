"""Comparison of every declared member with both published models.

The API's model is that of the installed botocore, CloudFormation's schema that of the installed
cfn-lint. Intended differences are in tools/drift/known, with their reasons; any other one fails.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from enum import StrEnum

import pytest
from kit.published_models import KINDS, Facts, declared, in_api, in_cfn

from cdk_epc.catalog.instances import HOSTING_TYPES
from cdk_epc.spec import EndpointConfigSpec, Spec, enums, patterns
from cdk_epc.spec.fields import members_of
from tools.drift.differences import comparable, differences, listed, without_shadow
from tools.drift.known import FROM_API, FROM_CFN
from tools.drift.known.endpoint_config import VARIANT
from tools.published.facts import api_only_of, is_anchored, unanchored
from tools.published.models import RESOURCES, Resource


@pytest.mark.parametrize("source", [declared, in_api, in_cfn])
def test_a_shadow_variant_equals_a_production_variant(
    source: Callable[[], dict[str, Facts]],
) -> None:
    facts = source()
    shadow = {p.removeprefix("Shadow"): f for p, f in facts.items() if p.startswith("Shadow")}
    production = {p: f for p, f in facts.items() if p.startswith("ProductionVariants")}
    assert shadow.pop("ProductionVariants") == {**production.pop("ProductionVariants")} | {
        "required": False
    }
    assert shadow == production


every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.name)


@every_resource
def test_differences_from_the_api_are_the_listed_ones(resource: Resource) -> None:
    found = differences(without_shadow(declared(resource)), without_shadow(in_api(resource)))
    assert comparable(found) == comparable(listed(FROM_API[resource.name]))


@every_resource
def test_differences_from_cloudformation_are_the_listed_ones(resource: Resource) -> None:
    theirs = unanchored(without_shadow(in_cfn(resource)))
    found = differences(without_shadow(declared(resource)), theirs)
    assert comparable(found) == comparable(listed(FROM_CFN[resource.name]))


@every_resource
def test_members_that_only_the_api_has_are_declared_so(resource: Resource) -> None:
    api_only = set(api_only_of(resource.spec))
    lacking = declared(resource).keys() & in_api(resource).keys() - in_cfn(resource).keys()
    lacking = {place for place in lacking if "{" not in place}  # the entries of a map
    below = {
        place for place in lacking if any(place.startswith((f"{a}.", f"{a}[")) for a in api_only)
    }
    assert api_only == lacking - below


def test_most_patterns_are_equal_once_the_anchors_are_gone() -> None:
    anchored = [p for p, facts in in_cfn().items() if is_anchored(facts.get("pattern"))]
    assert "VpcConfig.Subnets[]" in anchored


@every_resource
def test_the_pattern_of_a_text_with_a_minimum_length_refuses_the_empty_text(
    resource: Resource,
) -> None:
    shorter = [p for p, fact, *_ in listed(FROM_API[resource.name]) if fact == "min_length"]
    shorter = [p for p in shorter if p != "Tags[].Value"]  # CloudFormation requires one character
    patterns_of = {place: in_api(resource)[place]["pattern"] for place in shorter}
    empty = [p for p, pattern in patterns_of.items() if re.fullmatch(pattern or "", "", re.ASCII)]
    assert [place for place in empty if not place.endswith("{value}")] == []


def test_python_types_are_those_of_the_models() -> None:
    kinds = {facts["kind"] for facts in declared().values()}
    assert kinds == {*KINDS.values(), "list", "object"}


def test_tag_text_is_letters_separators_and_numbers_of_every_script() -> None:
    pattern = re.compile(patterns.TAG_TEXT, re.ASCII)
    wrong = [
        f"U+{code:04X} {unicodedata.category(character)}"
        for code in range(sys.maxunicode + 1)
        if bool(pattern.fullmatch(character := chr(code)))
        != (unicodedata.category(character)[0] in "LZN" or character in "_.:/=+-@")
    ]
    assert wrong == []


def test_open_choices_have_the_published_values() -> None:
    (ami,) = (m for m in members_of(_variant()) if m.name == "inference_ami_version")
    assert ami.bounds is not None
    assert ami.bounds.open_choices
    place = f"{VARIANT}.InferenceAmiVersion"
    assert set(ami.bounds.choices) == in_api()[place]["enum"] == in_cfn()[place]["enum"]


def _variant() -> type[Spec]:
    (variants,) = (m for m in members_of(EndpointConfigSpec) if m.name == "production_variants")
    assert variants.nested is not None
    return variants.nested


PROSE_ONLY = {"BaselineMimeType"}
"""Enums that the API lists only in its prose."""


def test_every_enum_has_the_values_of_the_api() -> None:
    named = {name: each for name, each in vars(enums).items() if _is_enum(each)}
    published = [
        facts["enum"]
        for resource in RESOURCES
        for facts in in_api(resource).values()
        if facts.get("enum")
    ]
    lacking = {name for name, each in named.items() if {*map(str, each)} not in published}
    assert lacking == PROSE_ONLY


def _is_enum(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum


def test_hosting_types_are_those_of_every_member_with_an_instance_type() -> None:
    places = [place for place in in_api() if place.endswith(".InstanceType")]
    assert len(places) == 4
    assert {place: in_api()[place]["enum"] ^ set(HOSTING_TYPES) for place in places} == {
        place: set() for place in places
    }


def test_only_the_machine_image_has_open_choices() -> None:
    assert list(_open_choices(EndpointConfigSpec)) == ["InferenceAmiVersion"] * 2


def _open_choices(cls: type[Spec]) -> Iterator[str]:
    for member in members_of(cls):
        if member.bounds and member.bounds.open_choices:
            yield member.wire
        if member.nested is not None:
            yield from _open_choices(member.nested)

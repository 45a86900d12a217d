"""Models, endpoints, components and contexts with unresolved or invalid values in their places.

An unresolved value adds no finding, and an invalid one does not make a rule raise an exception;
``test_tokens.py`` has the same for configurations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest
from kit.requests import Step, changed, paths_of
from kit.subjects import FULL_SUBJECTS, MAKERS

from cdk_epc.rules import Finding, check
from cdk_epc.spec import EndpointSpec, InferenceComponentSpec, ModelSpec, Spec
from cdk_epc.spec.fields import members_of
from cdk_epc.spec.unresolved import Reference, Unresolved

Place: TypeAlias = tuple[Step, ...]


class Resolvable:
    """Object with the method of CDK's ``IResolvable``."""

    def resolve(self, _context: object) -> object:
        """Raise an error, because only the deployment resolves the value."""
        raise NotImplementedError


TOKENS: dict[str, Any] = {
    "text": "${Token[TOKEN.12]}",
    "number": -1.8881545897087537e289,
    "list": ["#{Token[TOKEN.3]}"],
    "object": Resolvable(),
    "unresolved": Unresolved({"Fn::ImportValue": "it"}),
    "reference": Unresolved({"Ref": "It"}, Reference("Custom::It", "It")),
}
INVALID: dict[str, Any] = {
    "true": True,
    "below zero": -1,
    "beyond a float": 10**400,
    "empty text": "",
    "lone surrogate": "\ud800",
    "empty list": [],
    "list of lists": [[[]]],
    "list of empty objects": [{}, {}],
    "empty object": {},
}
SUBJECTS = [(kind, name) for kind, named in FULL_SUBJECTS.items() for name in named]
each_token = pytest.mark.parametrize("token", TOKENS)


def written_places(kind: str, data: dict[str, Any]) -> Iterator[Place]:
    """Yield the places that users write; readers of templates make the rest of a context."""
    for at in paths_of(data):
        if (
            kind in {"model", "endpoint", "component"}
            or (kind == "config_context" and _is_in_config(at))
            or (at[0] == "endpoint" and len(at) > 1)
            or (kind != "config_context" and at[0] == "config" and _is_in_config(at[1:]))
            or (kind == "component_context" and _is_in_component(at))
        ):
            yield at


def _is_in_config(at: Place) -> bool:
    """Return whether a place of a configuration's context is in the spec or one of its models."""
    if at[:1] == ("models",):
        return at[2:3] == ("model",) and len(at) > len(("models", "place", "model"))
    return at[:1] == ("config",) and len(at) > 1


def _is_in_component(at: Place) -> bool:
    """Return whether a place of a component's context is in the spec, its base or its model."""
    if at[0] == "models":
        return _is_in_config(at)
    return at[0] in {"component", "base"} and len(at) > 1


def found(kind: str, data: dict[str, Any]) -> list[Finding]:
    return check(MAKERS[kind](data))


def all_members(cls: type[Spec], at: str = "") -> set[str]:
    """Return the places of every member that CloudFormation has, without indices."""
    places: set[str] = set()
    for member in members_of(cls):
        if member.api_only is None:
            place = f"{at}.{member.wire}"
            places |= {place} | (all_members(member.nested, place) if member.nested else set())
    return places


IN_NO_SUBJECT = {"model": {".ModelName"}}
"""Members that cause a finding with any known value: a model's fixed name."""


@pytest.mark.parametrize(
    ("kind", "cls"),
    [("model", ModelSpec), ("endpoint", EndpointSpec), ("component", InferenceComponentSpec)],
)
def test_every_member_is_in_some_subject(kind: str, cls: type[Spec]) -> None:
    tried = {
        "".join(f".{step}" for step in at if isinstance(step, str))
        for data in FULL_SUBJECTS[kind].values()
        for at in paths_of(data)
    }
    members = {place.replace(".Containers", ".PrimaryContainer") for place in all_members(cls)}
    assert members - tried == IN_NO_SUBJECT.get(kind, set())


def test_the_written_places_are_those_of_specs() -> None:
    data = FULL_SUBJECTS["endpoint_context"]["canary"]
    tops = {at[: 4 if at[1] == "models" else 2] for at in written_places("endpoint_context", data)}
    assert {at[:2] for at in tops} == {
        ("endpoint", "EndpointName"),
        ("endpoint", "EndpointConfigName"),
        ("endpoint", "DeploymentConfig"),
        ("config", "config"),
        ("config", "models"),
    }
    assert all(at[3] == "model" for at in tops if at[1] == "models")


@each_token
def test_a_token_in_any_one_place_adds_no_finding(token: str) -> None:
    added = {
        (kind, name, at): findings
        for kind, name in SUBJECTS
        for at in written_places(kind, FULL_SUBJECTS[kind][name])
        if (findings := found(kind, changed(FULL_SUBJECTS[kind][name], at, TOKENS[token])))
    }
    assert added == {}


@each_token
def test_tokens_in_every_place_have_no_finding(token: str) -> None:
    findings = {
        (kind, name): found(kind, with_tokens(kind, FULL_SUBJECTS[kind][name], TOKENS[token]))
        for kind, name in SUBJECTS
    }
    assert {subject: each for subject, each in findings.items() if each} == {}


def with_tokens(kind: str, data: dict[str, Any], token: Any) -> dict[str, Any]:
    """Return a copy with a token in every written place that contains no other one."""
    places = list(written_places(kind, data))
    parents = {at[:length] for at in places for length in range(len(at))}
    for at in places:
        if at not in parents:
            data = changed(data, at, token)
    return data


@each_token
@pytest.mark.parametrize("cls", [ModelSpec, EndpointSpec, InferenceComponentSpec])
def test_tokens_for_every_member_have_no_finding(cls: type[Spec], token: str) -> None:
    members = {member.name: TOKENS[token] for member in members_of(cls) if not member.api_only}
    subject: Any = cls(**members)
    assert check(subject) == []


@pytest.mark.parametrize("invalid", INVALID)
def test_an_invalid_value_in_any_place_raises_no_exception(invalid: str) -> None:
    raised = {}
    for kind, name in SUBJECTS:
        data = FULL_SUBJECTS[kind][name]
        for at in written_places(kind, data):
            try:
                list(map(str, found(kind, changed(data, at, INVALID[invalid]))))
            except Exception as error:  # noqa: BLE001 - any exception fails the test below
                raised[kind, name, at] = repr(error)
    assert raised == {}

"""A value that only the deployment knows adds no finding, and nothing of a wrong type is a crash.

The same of models, endpoints and configurations in place as ``test_tokens.py`` holds of
configurations: one place at a time, then all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest
from kit.specs import Step, changed, places_of
from kit.subjects import FULL_SUBJECTS, MAKERS

from cdk_epc.rules import Finding, check
from cdk_epc.spec import EndpointSpec, InferenceComponentSpec, ModelSpec, Spec
from cdk_epc.spec.fields import members_of
from cdk_epc.spec.unresolved import Reference, Unresolved

Place: TypeAlias = tuple[Step, ...]


class Resolvable:
    """What CDK calls an ``IResolvable``."""

    def resolve(self, _context: object) -> object:
        """Only the deployment knows."""
        raise NotImplementedError


TOKENS: dict[str, Any] = {
    "text": "${Token[TOKEN.12]}",
    "number": -1.8881545897087537e289,
    "list": ["#{Token[TOKEN.3]}"],
    "object": Resolvable(),
    "unknown": Unresolved({"Fn::ImportValue": "it"}),
    "reference": Unresolved({"Ref": "It"}, Reference("Custom::It", "It")),
}
GARBAGE: dict[str, Any] = {
    "true": True,
    "below zero": -1,
    "beyond a float": 10**400,
    "empty text": "",
    "half a surrogate": "\ud800",
    "empty list": [],
    "list of lists": [[[]]],
    "list of empty objects": [{}, {}],
    "empty object": {},
}
SUBJECTS = [(kind, name) for kind, named in FULL_SUBJECTS.items() for name in named]
every_subject = pytest.mark.parametrize(("kind", "name"), SUBJECTS)


def written_places(kind: str, data: dict[str, Any]) -> Iterator[Place]:
    """The places of what a user writes; a reader of templates makes the rest of surroundings."""
    for at in places_of(data):
        if (
            kind in {"model", "endpoint", "component"}
            or (kind == "config_in_place" and _is_written(at))
            or (at[0] == "endpoint" and len(at) > 1)
            or (kind != "config_in_place" and at[0] == "config" and _is_written(at[1:]))
            or (kind == "component_in_place" and _is_written_of_component(at))
        ):
            yield at


def _is_written(at: Place) -> bool:
    """Whether a place of a configuration in place is one in a spec."""
    if at[:1] == ("models",):
        return at[2:3] == ("model",) and len(at) > len(("models", "place", "model"))
    return at[:1] == ("config",) and len(at) > 1


def _is_written_of_component(at: Place) -> bool:
    """Whether a place of a component in place is one in its spec, its base or its model."""
    if at[0] == "models":
        return _is_written(at)
    return at[0] in {"component", "base"} and len(at) > 1


def found(kind: str, data: dict[str, Any]) -> list[Finding]:
    """The findings of a subject out of JSON, members without a place being nobody's business."""
    return check(MAKERS[kind](data))


def all_members(cls: type[Spec], at: str = "") -> set[str]:
    """Every member under a spec class that CloudFormation has, without indices."""
    places: set[str] = set()
    for member in members_of(cls):
        if member.api_only is None:
            place = f"{at}.{member.wire}"
            places |= {place} | (all_members(member.part, place) if member.part else set())
    return places


IN_NO_SUBJECT = {"model": {".ModelName"}}
"""What is a finding as soon as it is known: a model's fixed name."""


@pytest.mark.parametrize(
    ("kind", "cls"),
    [("model", ModelSpec), ("endpoint", EndpointSpec), ("component", InferenceComponentSpec)],
)
def test_every_member_is_in_some_subject(kind: str, cls: type[Spec]) -> None:
    tried = {
        "".join(f".{step}" for step in at if isinstance(step, str))
        for data in FULL_SUBJECTS[kind].values()
        for at in places_of(data)
    }
    in_list = {place.replace(".Containers", ".PrimaryContainer") for place in all_members(cls)}
    assert in_list - tried == IN_NO_SUBJECT.get(kind, set())


def test_the_written_places_are_those_of_specs() -> None:
    data = FULL_SUBJECTS["endpoint_in_place"]["canary"]
    tops = {at[: 4 if at[1] == "models" else 2] for at in written_places("endpoint_in_place", data)}
    assert {at[:2] for at in tops} == {
        ("endpoint", "EndpointName"),
        ("endpoint", "EndpointConfigName"),
        ("endpoint", "DeploymentConfig"),
        ("config", "config"),
        ("config", "models"),
    }
    assert all(at[3] == "model" for at in tops if at[1] == "models")


@every_subject
@pytest.mark.parametrize("token", TOKENS)
def test_a_token_in_any_one_place_adds_no_finding(kind: str, name: str, token: str) -> None:
    data = FULL_SUBJECTS[kind][name]
    added = {
        at: findings
        for at in written_places(kind, data)
        if (findings := found(kind, changed(data, at, TOKENS[token])))
    }
    assert added == {}


@every_subject
@pytest.mark.parametrize("token", TOKENS)
def test_tokens_in_every_place_have_no_finding(kind: str, name: str, token: str) -> None:
    data = FULL_SUBJECTS[kind][name]
    parents: set[Place] = set()
    for at in list(written_places(kind, data)):
        parents |= {at[:length] for length in range(len(at))}
    for at in list(written_places(kind, data)):
        if at not in parents:
            data = changed(data, at, TOKENS[token])
    assert found(kind, data) == []


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("cls", [ModelSpec, EndpointSpec, InferenceComponentSpec])
def test_tokens_for_every_member_have_no_finding(cls: type[Spec], token: str) -> None:
    members = {member.name: TOKENS[token] for member in members_of(cls) if not member.api_only}
    subject: Any = cls(**members)
    assert check(subject) == []


@every_subject
@pytest.mark.parametrize("garbage", GARBAGE)
def test_no_garbage_in_any_place_makes_a_rule_fail(kind: str, name: str, garbage: str) -> None:
    data, failed = FULL_SUBJECTS[kind][name], {}
    for at in written_places(kind, data):
        try:
            list(map(str, found(kind, changed(data, at, GARBAGE[garbage]))))
        except Exception as error:  # noqa: BLE001 - which place made which error is the answer
            failed[at] = repr(error)
    assert failed == {}

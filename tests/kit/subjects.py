"""Subjects of rules other than configurations, made from JSON with AWS's names.

``tests/data/full_subjects.json`` has subjects without any finding, by kind and name. In contexts, a
key such as ``ProductionVariants[0].ModelName`` is a path.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, TypeVar

from cdk_epc.rules import Finding, Severity
from cdk_epc.rules.finding import shown
from cdk_epc.spec import (
    EndpointConfigSpec,
    EndpointSpec,
    InferenceComponentSpec,
    ModelSpec,
    Path,
    Spec,
)
from cdk_epc.spec.context import (
    ConfigContext,
    EndpointContext,
    InferenceComponentContext,
    ReferencedModel,
    ReferencedTarget,
    Subject,
)
from cdk_epc.spec.fields import members_of
from cdk_epc.spec.role import Role, RoleStatement
from cdk_epc.spec.wire import spec_from_json
from kit.requests import WITH_ADVICE, changed, load, steps_of, without

Json: TypeAlias = Mapping[str, Any]
S = TypeVar("S", bound=Spec)
T = TypeVar("T")


def spec_of(cls: type[S], data: Json) -> S:
    """Return the spec of JSON in which every member is known."""
    spec, unknown_members = spec_from_json(cls, data)
    assert unknown_members == []
    return spec


def path_of(words: str, root: type[Spec] = EndpointConfigSpec) -> Path:
    """Return the path of ``ProductionVariants[0].ModelName`` in a spec."""
    steps: list[str | int] = []
    here: type[Spec] | None = root
    for step in steps_of(words):
        if isinstance(step, int) or here is None:
            steps.append(step)
            continue
        (member,) = (each for each in members_of(here) if each.wire == step)
        steps.append(member.name)
        here = member.nested
    return tuple(steps)


def model(data: Json) -> ModelSpec:
    """Return a model."""
    return spec_of(ModelSpec, data)


def endpoint(data: Json) -> EndpointSpec:
    """Return an endpoint."""
    return spec_of(EndpointSpec, data)


def component(data: Json) -> InferenceComponentSpec:
    """Return an inference component."""
    return spec_of(InferenceComponentSpec, data)


def config_context(data: Json) -> ConfigContext:
    """Return a configuration with its related resources; omitted ones have their defaults."""
    return ConfigContext(
        **{
            **data,
            "config": spec_of(EndpointConfigSpec, data["config"]),
            "models": _by_path(data.get("models", {}), _referenced_model),
            "roles": _by_path(data.get("roles", {}), _role),
            "scalable_targets": _by_path(
                data.get("scalable_targets", {}), lambda each: ReferencedTarget(**each)
            ),
        }
    )


def endpoint_context(data: Json) -> EndpointContext:
    """Return an endpoint with its related resources; omitted ones have their defaults."""
    config = data.get("config")
    return EndpointContext(
        endpoint=endpoint(data["endpoint"]),
        config=config_context(config) if config is not None else None,
        other_endpoint_names=frozenset(data.get("other_endpoint_names", ())),
    )


def component_context(data: Json) -> InferenceComponentContext:
    """Return a component with its related resources; omitted ones have their defaults."""
    config, scaled = data.get("config"), data.get("scalable_target")
    base, host = data.get("base"), data.get("endpoint")
    models = _by_path(data.get("models", {}), _referenced_model, InferenceComponentSpec)
    return InferenceComponentContext(
        **{
            **data,
            "component": component(data["component"]),
            "endpoint": endpoint(host) if host is not None else None,
            "config": config_context(config) if config is not None else None,
            "base": component(base) if base is not None else None,
            "models": models,
            "scalable_target": ReferencedTarget(**scaled) if scaled is not None else None,
        }
    )


def _by_path(
    data: Json, make: Callable[[Any], T], root: type[Spec] = EndpointConfigSpec
) -> dict[Path, T]:
    return {path_of(words, root): make(each) for words, each in data.items()}


def _referenced_model(data: Json) -> ReferencedModel:
    return ReferencedModel(**{**data, "model": model(data["model"])})


def _role(data: Json) -> Role:
    statement = RoleStatement(actions=frozenset(data["allowed"]))
    return Role(logical_id=data["logical_id"], statements=(statement,), is_complete=True)


MAKERS: dict[str, Callable[[Json], Subject]] = {
    "model": model,
    "endpoint": endpoint,
    "config_context": config_context,
    "endpoint_context": endpoint_context,
    "component": component,
    "component_context": component_context,
}
"""Function from JSON to a subject, by kind."""

FULL_SUBJECTS: dict[str, dict[str, dict[str, Any]]] = load("full_subjects.json")
"""Subjects without any finding, by kind and name."""

BAD_SUBJECTS: list[dict[str, Any]] = load("bad_subjects.json")
"""Rows with one change to one of these subjects, and every finding that follows.

A change has the keys and indices of a place, ``at``, with its new ``value`` or with ``remove``.
The rules' own examples are not repeated here.
"""


def bad_rows(*kinds: str) -> list[dict[str, Any]]:
    """Return the rows of these kinds."""
    return [row for row in BAD_SUBJECTS if row["kind"] in kinds]


def bad_data(row: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON of a row's subject, with the one change."""
    good, change = FULL_SUBJECTS[row["kind"]][row["good"]], row["change"]
    at = tuple(change["at"])
    return without(good, at) if change.get("remove") else changed(good, at, change["value"])


def bad_subject(row: dict[str, Any]) -> Subject:
    """Return the subject of a row, with the one change."""
    return MAKERS[row["kind"]](bad_data(row))


def expected(row: dict[str, Any]) -> list[Finding]:
    """Return every finding of a row."""
    return [
        Finding(**{**finding, "severity": Severity(finding["severity"])})
        for finding in row["findings"]
    ]


def as_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as the table writes them."""
    rows = [{name: getattr(each, name) for name in _MEMBERS} for each in findings]
    return list(json.loads(json.dumps(rows, default=shown)))


_MEMBERS = (
    "rule_id",
    "severity",
    "path",
    "got",
    "allowed",
    "message",
    "fix",
    "source_url",
)


def unexpected_findings(check: Callable[[Any], Iterable[Finding]], *kinds: str) -> dict[str, Any]:
    """Return the findings of each row of these kinds that differ from the table."""
    found = {row["id"]: as_rows(check(bad_subject(row), WITH_ADVICE)) for row in bad_rows(*kinds)}
    wanted = {row["id"]: row["findings"] for row in bad_rows(*kinds)}
    assert found
    return {id_: findings for id_, findings in found.items() if findings != wanted[id_]}


def findings_of_good(check: Callable[[Any], Iterable[Finding]], kind: str) -> dict[str, Any]:
    """Return the findings of each good subject of a kind that has any."""
    found = {
        name: list(check(MAKERS[kind](data), WITH_ADVICE))
        for name, data in FULL_SUBJECTS[kind].items()
    }
    assert found
    return {name: findings for name, findings in found.items() if findings}

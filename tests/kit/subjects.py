"""Models, endpoints and configurations in place, out of JSON with AWS's names.

``tests/data/full_subjects.json`` has subjects without any finding, by kind and name; a place such
as ``ProductionVariants[0].ModelName`` stands for its path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

from cdk_epc.rules import Finding, Severity
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
    RolePolicies,
    Subject,
)
from cdk_epc.spec.fields import members_of
from cdk_epc.spec.wire import spec_from_json
from kit.specs import changed, load, steps_of, without

Json: TypeAlias = Mapping[str, Any]
S = TypeVar("S", bound=Spec)
T = TypeVar("T")


def spec_of(cls: type[S], data: Json) -> S:
    """The spec that the JSON stands for; every member of it has its place."""
    spec, unknown_members = spec_from_json(cls, data)
    assert unknown_members == []
    return spec


def path_of(words: str, root: type[Spec] = EndpointConfigSpec) -> Path:
    """The path of a place in a configuration, or in another spec."""
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
    """A model."""
    return spec_of(ModelSpec, data)


def endpoint(data: Json) -> EndpointSpec:
    """An endpoint."""
    return spec_of(EndpointSpec, data)


def config_context(data: Json) -> ConfigContext:
    """A configuration in place; what the JSON leaves out has its default."""
    return ConfigContext(
        **{
            **data,
            "config": spec_of(EndpointConfigSpec, data["config"]),
            "models": _by_path(data.get("models", {}), _model_context),
            "roles": _by_path(data.get("roles", {}), _role_context),
            "scalable_targets": _by_path(
                data.get("scalable_targets", {}), lambda each: ReferencedTarget(**each)
            ),
        }
    )


def endpoint_context(data: Json) -> EndpointContext:
    """An endpoint in place; what the JSON leaves out has its default."""
    config = data.get("config")
    return EndpointContext(
        endpoint=endpoint(data["endpoint"]),
        config=config_context(config) if config is not None else None,
        other_endpoint_names=frozenset(data.get("other_endpoint_names", ())),
    )


def component(data: Json) -> InferenceComponentSpec:
    """An inference component."""
    return spec_of(InferenceComponentSpec, data)


def component_context(data: Json) -> InferenceComponentContext:
    """An inference component in place; what the JSON leaves out has its default."""
    config, scaled = data.get("config"), data.get("scalable_target")
    base, host = data.get("base"), data.get("endpoint")
    models = _by_path(data.get("models", {}), _model_context, InferenceComponentSpec)
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


def _model_context(data: Json) -> ReferencedModel:
    return ReferencedModel(**{**data, "model": model(data["model"])})


def _role_context(data: Json) -> RolePolicies:
    return RolePolicies(logical_id=data["logical_id"], allowed=frozenset(data["allowed"]))


MAKERS: dict[str, Callable[[Json], Subject]] = {
    "model": model,
    "endpoint": endpoint,
    "config_in_place": config_context,
    "endpoint_in_place": endpoint_context,
    "component": component,
    "component_in_place": component_context,
}
"""How to make each kind of subject."""

FULL_SUBJECTS: dict[str, dict[str, dict[str, Any]]] = load("full_subjects.json")
"""Subjects without any finding, by kind and name."""

BAD_SUBJECTS: list[dict[str, Any]] = load("bad_subjects.json")
"""One change to each, and every finding of the outcome, as in ``bad_requests.json``."""


def bad_rows(*kinds: str) -> list[dict[str, Any]]:
    """The rows of these kinds."""
    return [row for row in BAD_SUBJECTS if row["kind"] in kinds]


def bad_subject(row: dict[str, Any]) -> Subject:
    """The subject of a row, with its one change."""
    good, at = FULL_SUBJECTS[row["kind"]][row["good"]], tuple(row["at"])
    bad = without(good, at) if "take_out" in row else changed(good, at, row["give"])
    return MAKERS[row["kind"]](bad)


def expected(row: dict[str, Any]) -> list[Finding]:
    """Every finding of a row."""
    return [
        Finding(**{**finding, "severity": Severity(finding["severity"])})
        for finding in row["findings"]
    ]

"""Findings that cfn-lint reports itself, because CloudFormation's schema has the same bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cdk_epc.cfn_lint.linter import follow, is_valid, resource_schema
from cdk_epc.rules.finding import Finding
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.expressions import is_function

_OF_VALUE: Final[Mapping[str, tuple[str, ...]]] = {
    "list-length-wrong": ("minItems", "maxItems"),
    "production-variants-missing": ("minItems",),
    "value-length-wrong": ("minLength", "maxLength"),
    "value-not-allowed": ("enum",),
    "value-out-of-range": ("minimum", "maximum"),
    "value-pattern-mismatch": ("pattern",),
    "value-type-wrong": ("type",),
    "value-unpublished": ("enum",),
}
"""Keywords of a schema by the rule that says the same about an existing value."""
_OF_PARENT: Final[Mapping[str, tuple[str, ...]]] = {
    "member-unknown": ("properties", "additionalProperties"),
    "member-unpublished": ("properties", "additionalProperties"),
    "production-variants-missing": ("required",),
    "value-missing": ("required",),
}
"""Keywords of a schema by the rule that says the same about an object."""
_MAX_REFERENCES: Final = 20


def is_reported_by_cfn_lint(
    finding: Finding, template: Mapping[str, Any], regions: Sequence[str]
) -> bool:
    """Return whether a rule of cfn-lint reports the same violation at the same place.

    Args:
        finding: Finding of a rule of this library.
        template: The template.
        regions: Regions for whose schemas cfn-lint checks the template.
    """
    place = finding.place
    existing, value = follow(template, place)
    keywords = _OF_VALUE.get(finding.rule_id) if existing == place else None
    if keywords is None:
        keywords = _OF_PARENT.get(finding.rule_id)
        place = place[:-1]
        existing, value = follow(template, place)
    if keywords is None or existing != place or _has_function(value):
        return False
    schema = _schema_at(template, place, regions[0])
    if schema is None:
        return False
    if "properties" in keywords:
        return _is_closed_to(schema, finding.place[-1])
    if "type" in keywords and isinstance(value, str) and not _is_of_container(schema):
        return False  # cfn-lint accepts a text for a number or a Boolean
    part = {keyword: schema[keyword] for keyword in keywords if keyword in schema}
    return bool(part) and not is_valid(part, value)


def _has_function(value: Any) -> bool:  # noqa: ANN401 - JSON
    """Return whether a value is a function, or a list with one, whose result is checked instead."""
    if is_list(value):
        return any(map(_has_function, value))
    return is_mapping(value) and any(map(is_function, value))


def _schema_at(template: Mapping[str, Any], place: Path, region: str) -> Mapping[str, Any] | None:
    """Return the schema of the value at a place in the properties of a resource, if known."""
    _, logical_id, _, *steps = place
    resource_type = template["Resources"][logical_id]["Type"]
    root = resource_schema(region, resource_type)
    if root is None:
        return None
    schema: Mapping[str, Any] = root if steps else {"type": "object", **root}
    remaining = iter(steps)
    for step in remaining:
        if step == "Fn::If":  # the next step is the branch
            next(remaining, None)
            continue
        inner = schema.get("items") if isinstance(step, int) else _property(schema, step)
        inner = _resolved(root, inner)
        if not is_mapping(inner):
            return None
        schema = inner
    return schema


def _property(schema: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON
    return schema.get("properties", {}).get(name)


def _resolved(root: Mapping[str, Any], schema: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the schema to which ``$ref`` refers."""
    for _ in range(_MAX_REFERENCES):
        if not is_mapping(schema) or "$ref" not in schema:
            break
        reference = schema["$ref"]
        schema = root
        for step in reference.removeprefix("#/").split("/"):
            schema = schema.get(step, {})
    return schema


def _is_closed_to(schema: Mapping[str, Any], name: object) -> bool:
    """Return whether an object of this schema cannot have a property."""
    is_closed = schema.get("additionalProperties") is False
    is_declared = name in schema.get("properties", {})
    return is_closed and not is_declared and "patternProperties" not in schema


def _is_of_container(schema: Mapping[str, Any]) -> bool:
    types = schema.get("type", ())
    return bool({"object", "array"} & set([types] if isinstance(types, str) else types))

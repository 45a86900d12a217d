"""Facts about each member in one form, from the specs, the API's model and CloudFormation's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from cdk_epc.spec.fields import Bounds, Spec, members_of

Facts: TypeAlias = dict[str, Any]
"""Facts of one source about a member.

The items of a list have a separate place that ends with ``[]``, the keys and values of a map have
places that end with ``{key}`` and ``{value}``.
"""

KINDS = {str: "string", int: "integer", float: "number", bool: "boolean"}
_API_KINDS = {"float": "number"}


def facts_of_spec(cls: type[Spec], at: str = "") -> Iterator[tuple[str, Facts]]:
    """Yield every place below a spec class with its facts."""
    for member in members_of(cls):
        place = f"{at}{member.wire}"
        facts: Facts = {"required": member.required}
        if member.is_list:
            facts |= {"min_items": member.min_items, "max_items": member.max_items, "kind": "list"}
            yield place, facts
            place, facts = f"{place}[]", {}
        if member.nested is not None:
            yield place, facts | {"kind": "object"}
            yield from facts_of_spec(member.nested, f"{place}.")
        elif member.key is not None:
            yield place, facts | {"kind": "map", "max_items": member.max_items}
            yield f"{place}{{key}}", _facts_of_bounds(member.key)
            yield f"{place}{{value}}", _facts_of_bounds(member.bounds)
        else:
            yield place, facts | _facts_of_bounds(member.bounds)


def api_only_of(cls: type[Spec], at: str = "") -> Iterator[str]:
    """Yield the places below a spec class that are declared as members of the API only."""
    for member in members_of(cls):
        place = f"{at}{member.wire}"
        if member.api_only is not None:
            yield place
        elif member.nested is not None:
            yield from api_only_of(member.nested, f"{place}{'[]' * member.is_list}.")


def _facts_of_bounds(bounds: Bounds | None) -> Facts:
    bounds = bounds or Bounds(object)
    return {
        "kind": KINDS[bounds.kind],
        "minimum": bounds.minimum,
        "maximum": bounds.maximum,
        "min_length": bounds.min_length,
        "max_length": bounds.max_length,
        "pattern": bounds.pattern.pattern if bounds.pattern else None,
        "enum": set(bounds.choices) or None,
    }


def facts_of_api(
    shape: Any,  # noqa: ANN401 - a shape of botocore, which has no types
    at: str = "",
) -> Iterator[tuple[str, Facts]]:
    """Yield every place below a structure of botocore with its facts."""
    for name, declared_member in shape.members.items():
        place, member = f"{at}{name}", declared_member
        facts: Facts = {"required": name in shape.required_members}
        if member.type_name == "list":
            low, high = member.metadata.get("min"), member.metadata.get("max")
            yield place, facts | {"kind": "list", "min_items": low, "max_items": high}
            place, facts, member = f"{place}[]", {}, member.member
        if member.type_name == "structure":
            yield place, facts | {"kind": "object"}
            yield from facts_of_api(member, f"{place}.")
        elif member.type_name == "map":
            yield place, facts | {"kind": "map", "max_items": member.metadata.get("max")}
            yield f"{place}{{key}}", _facts_of_api_value(member.key)
            yield f"{place}{{value}}", _facts_of_api_value(member.value)
        else:
            yield place, facts | _facts_of_api_value(member)


def _facts_of_api_value(
    shape: Any,  # noqa: ANN401 - see above
) -> Facts:
    declared = shape.metadata
    is_string = shape.type_name == "string"
    return {
        "kind": _API_KINDS.get(shape.type_name, shape.type_name),
        "minimum": None if is_string else declared.get("min"),
        "maximum": None if is_string else declared.get("max"),
        "min_length": declared.get("min") if is_string else None,
        "max_length": declared.get("max") if is_string else None,
        "pattern": declared.get("pattern"),
        "enum": set(declared.get("enum", ())) or None,
    }


def facts_of_cfn(schema: Facts, shape: Facts, at: str = "") -> Iterator[tuple[str, Facts]]:
    """Yield every place below an object of a schema with its facts.

    Args:
        schema: Schema of the resource type, with the definitions.
        shape: Object of the schema.
        at: Place of the object, with a dot at its end.
    """
    for name, unresolved in shape["properties"].items():
        place, member = f"{at}{name}", _resolved(schema, unresolved)
        facts: Facts = {"required": name in shape.get("required", ())}
        if member["type"] == "array":
            low, high = member.get("minItems"), member.get("maxItems")
            yield place, facts | {"kind": "list", "min_items": low, "max_items": high}
            place, facts, member = f"{place}[]", {}, _resolved(schema, member["items"])
        if member["type"] == "object" and "properties" in member:
            yield place, facts | {"kind": "object"}
            yield from facts_of_cfn(schema, member, f"{place}.")
        elif "patternProperties" in member:
            yield place, facts | {"kind": "map", "max_items": member.get("maxProperties")}
            ((pattern, value),) = member["patternProperties"].items()
            yield f"{place}{{key}}", _facts_of_cfn_value({"type": "string", "pattern": pattern})
            yield f"{place}{{value}}", _facts_of_cfn_value(value)
        else:
            yield place, facts | _facts_of_cfn_value(member)


def _resolved(schema: Facts, member: Facts) -> Facts:
    if "$ref" not in member:
        return member
    resolved: Facts = schema["definitions"][member["$ref"].removeprefix("#/definitions/")]
    return resolved


def _facts_of_cfn_value(declared: Facts) -> Facts:
    kind = declared["type"]
    return {
        "kind": kind if isinstance(kind, str) else " or ".join(kind),
        "minimum": declared.get("minimum"),
        "maximum": declared.get("maximum"),
        "min_length": declared.get("minLength"),
        "max_length": declared.get("maxLength"),
        "pattern": declared.get("pattern"),
        "enum": set(declared.get("enum", ())) or None,
    }


def unanchored(facts: Mapping[str, Facts]) -> dict[str, Facts]:
    """Return the facts without the anchors of patterns, which the rules always match as a whole."""
    return {
        place: {
            fact: value[1:-1] if fact == "pattern" and is_anchored(value) else value
            for fact, value in each.items()
        }
        for place, each in facts.items()
    }


def is_anchored(pattern: str | None) -> bool:
    """Return whether a pattern has both anchors."""
    return bool(pattern and pattern.startswith("^") and pattern.endswith("$"))

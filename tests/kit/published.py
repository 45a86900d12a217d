"""What is published of each member, read alike from the spec, the API and CloudFormation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import botocore.session
import cfnlint  # type: ignore[import-untyped]

from cdk_epc.spec import EndpointConfigSpec, Spec
from cdk_epc.spec.member import Bounds, Member, members_of

Facts: TypeAlias = dict[str, Any]
"""What one source says of a member; a list's items have a place of their own, with ``[]``."""

KINDS = {str: "string", int: "integer", float: "number", bool: "boolean"}
API_KINDS = {"float": "number"}


def facts_of_spec(cls: type[Spec], at: str = "") -> Iterator[tuple[str, Facts]]:
    """Every place under a spec class, with its facts."""
    for member in members_of(cls):
        place = f"{at}{member.wire}"
        facts: Facts = {"required": member.required}
        if member.is_list:
            facts |= {"min_items": member.min_items, "max_items": member.max_items, "kind": "list"}
            yield place, facts
            place, facts = f"{place}[]", {}
        if member.part is not None:
            yield place, facts | {"kind": "object"}
            yield from facts_of_spec(member.part, f"{place}.")
        else:
            yield place, facts | _facts_of_bounds(member)


def _facts_of_bounds(member: Member) -> Facts:
    bounds = member.bounds or Bounds(object)
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
    shape: Any,
    at: str = "",
) -> Iterator[tuple[str, Facts]]:
    """Every place under a structure of botocore's, with its facts."""
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
        else:
            yield place, facts | _facts_of_api_value(member)


def _facts_of_api_value(shape: Any) -> Facts:
    said = shape.metadata
    is_text = shape.type_name == "string"
    return {
        "kind": API_KINDS.get(shape.type_name, shape.type_name),
        "minimum": None if is_text else said.get("min"),
        "maximum": None if is_text else said.get("max"),
        "min_length": said.get("min") if is_text else None,
        "max_length": said.get("max") if is_text else None,
        "pattern": said.get("pattern"),
        "enum": set(said.get("enum", ())) or None,
    }


def facts_of_cfn(schema: Facts, shape: Facts, at: str = "") -> Iterator[tuple[str, Facts]]:
    """Every place under an object of a schema, with its facts."""
    for name, unresolved in shape["properties"].items():
        place, member = f"{at}{name}", _resolved(schema, unresolved)
        facts: Facts = {"required": name in shape.get("required", ())}
        if member["type"] == "array":
            low, high = member.get("minItems"), member.get("maxItems")
            yield place, facts | {"kind": "list", "min_items": low, "max_items": high}
            place, facts, member = f"{place}[]", {}, _resolved(schema, member["items"])
        if member["type"] == "object":
            yield place, facts | {"kind": "object"}
            yield from facts_of_cfn(schema, member, f"{place}.")
        else:
            yield place, facts | _facts_of_cfn_value(member)


def _resolved(schema: Facts, member: Facts) -> Facts:
    if "$ref" not in member:
        return member
    resolved: Facts = schema["definitions"][member["$ref"].removeprefix("#/definitions/")]
    return resolved


def _facts_of_cfn_value(said: Facts) -> Facts:
    return {
        "kind": said["type"],
        "minimum": said.get("minimum"),
        "maximum": said.get("maximum"),
        "min_length": said.get("minLength"),
        "max_length": said.get("maxLength"),
        "pattern": said.get("pattern"),
        "enum": set(said.get("enum", ())) or None,
    }


@cache
def declared() -> dict[str, Facts]:
    """What the spec classes say."""
    return dict(facts_of_spec(EndpointConfigSpec))


@cache
def in_api() -> dict[str, Facts]:
    """What the API's model says."""
    return dict(facts_of_api(request_shape()))


@cache
def request_shape() -> Any:
    """The API's shape of a CreateEndpointConfig request."""
    model = botocore.session.get_session().get_service_model("sagemaker")
    return model.operation_model("CreateEndpointConfig").input_shape


@cache
def in_cfn() -> dict[str, Facts]:
    """What CloudFormation's schema says."""
    schema = cfn_schema()
    return dict(facts_of_cfn(schema, schema))


@cache
def cfn_schema() -> Facts:
    """CloudFormation's schema of the resource type, from cfn-lint's copy."""
    schemas = Path(cfnlint.__file__).parent / "data" / "schemas"
    region = json.loads((schemas / "providers" / "us-east-1.json").read_text("utf-8"))
    file = schemas / "resources" / f"{region['AWS::SageMaker::EndpointConfig']}.json"
    schema: Facts = json.loads(file.read_text("utf-8"))
    return schema

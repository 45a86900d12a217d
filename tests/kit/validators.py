"""Validators of other projects: botocore's, and cfn-lint's of CloudFormation's schema."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.validate import ParamValidator
from cfnlint.jsonschema import StandardValidator

from kit.published_models import cfn_schema, request_shape
from tools.published.models import ENDPOINT_CONFIG, Resource

NAMED = {"EndpointConfigName": "shop"}
"""Member that the API requires and CloudFormation generates."""


def refused_by_api(request: dict[str, Any]) -> list[str]:
    """Return the violations of botocore's model in a request.

    Its validator checks types, required members and minimums. The shapes also have maximums,
    patterns and enums, which the service enforces.
    """
    named = {**NAMED, **request}
    report = ParamValidator().validate(named, request_shape())
    return [report.generate_report()] if report.has_errors() else [*_beyond(named, request_shape())]


def refused_by_cfn(properties: dict[str, Any], resource: Resource = ENDPOINT_CONFIG) -> list[str]:
    """Return the violations of CloudFormation's schema in the properties of a resource."""
    return [error.message for error in _schema_validator(resource).iter_errors(properties)]


@cache
def _schema_validator(resource: Resource) -> Any:
    return StandardValidator(cfn_schema(resource))


def _beyond(value: Any, shape: Any, at: str = "") -> Iterator[str]:
    if shape.type_name == "structure":
        for name, inner in value.items():
            yield from _beyond(inner, shape.members[name], f"{at}.{name}")
        return
    most = shape.metadata.get("max")
    if shape.type_name == "list":
        if most is not None and len(value) > most:
            yield f"{at}: {len(value)} items, at most {most}"
        for inner in value:
            yield from _beyond(inner, shape.member, f"{at}[]")
    elif shape.type_name == "string":
        yield from _beyond_text(value, shape, at)
    elif most is not None and value > most:
        yield f"{at}: {value}, at most {most}"


def _beyond_text(value: str, shape: Any, at: str) -> Iterator[str]:
    most = shape.metadata.get("max")
    if most is not None and len(value) > most:
        yield f"{at}: {len(value)} characters, at most {most}"
    if (words := shape.metadata.get("enum")) and value not in words:
        yield f"{at}: not a published word"
    if (pattern := shape.metadata.get("pattern")) and not matches(pattern, value):
        yield f"{at}: not of the pattern"


def matches(pattern: str, value: str) -> bool:
    """Return whether the service accepts a text for a pattern of the API's model."""
    if pattern == r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)":  # `re` has no \p
        return all(unicodedata.category(c)[0] in "LZN" or c in "_.:/=+-@" for c in value)
    return re.fullmatch(pattern, value, re.ASCII) is not None

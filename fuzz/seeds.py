"""Seeds of the mutations: the requests of the tests, and templates with these requests."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from fuzz.related_resources import TEMPLATE

_DATA = Path(__file__).parents[1] / "tests" / "data"


@cache
def requests() -> tuple[dict[str, Any], ...]:
    """Return accepted and rejected requests, and some with every member."""
    found: list[dict[str, Any]] = []
    for name in ("accepted_requests.json", "rejected_requests.json"):
        found.extend(each["request"] for each in _read(name))
    found.extend(_read("full_requests.json").values())
    return tuple(found)


@cache
def templates() -> tuple[dict[str, Any], ...]:
    """Return one template for each request, with all types of related resources."""
    return tuple(_template_of(request) for request in requests())


@cache
def texts() -> tuple[bytes, ...]:
    """Return all requests and templates as JSON files."""
    return tuple(
        json.dumps(each, indent=indent).encode()
        for each in (*requests(), *templates())
        for indent in (None, 1)
    )


def _template_of(request: dict[str, Any]) -> dict[str, Any]:
    config = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": request}
    return {**TEMPLATE, "Resources": {**TEMPLATE["Resources"], "Config": config}}


def _read(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((_DATA / name).read_text("utf-8"))

"""What the inputs are mutated from: the requests of the tests, and templates around them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from fuzz.surroundings import SURROUNDINGS

_DATA = Path(__file__).parents[1] / "tests" / "data"


@cache
def requests() -> tuple[dict[str, Any], ...]:
    """Requests that SageMaker accepts, that it refuses, and some with every member."""
    found: list[dict[str, Any]] = []
    for name in ("accepted_requests.json", "rejected_requests.json"):
        found.extend(each["request"] for each in _read(name))
    found.extend(_read("full_requests.json").values())
    return tuple(found)


@cache
def templates() -> tuple[dict[str, Any], ...]:
    """A template around each request, with everything that the rules look at."""
    return tuple(_around(request) for request in requests())


@cache
def texts() -> tuple[bytes, ...]:
    """All of them as files."""
    return tuple(
        json.dumps(each, indent=indent).encode()
        for each in (*requests(), *templates())
        for indent in (None, 1)
    )


def _around(request: dict[str, Any]) -> dict[str, Any]:
    config = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": request}
    return {**SURROUNDINGS, "Resources": {**SURROUNDINGS["Resources"], "Config": config}}


def _read(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((_DATA / name).read_text("utf-8"))

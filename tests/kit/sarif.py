"""Validation of SARIF logs with the schema that OASIS publishes."""

from __future__ import annotations

import json
from typing import Any

from cfnlint.jsonschema import StandardValidator

from kit.requests import load

SCHEMA: dict[str, Any] = load("sarif-schema-2.1.0.json")
"""https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"""
VALIDATOR = StandardValidator(SCHEMA)


def run_of(text: str) -> dict[str, Any]:
    """Return the only run of a log after a check of the schema and of GitHub's requirements."""
    log = json.loads(text)
    assert list(VALIDATOR.iter_errors(log)) == []
    (run,) = log["runs"]
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
    for result in run["results"]:
        assert result["message"]["text"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1
    return dict(run)

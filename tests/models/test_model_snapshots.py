"""The generated CloudFormation of models, one snapshot a feature, and what cfn-lint says of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cfnlint.api import ManualArgs, lint
from kit.cdk import new_stack, template_of
from kit.models import FEATURES
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.mark.pin_only
@pytest.mark.parametrize("feature", FEATURES)
def test_template(feature: str, snapshot: SnapshotAssertion) -> None:
    stack = new_stack()
    FEATURES[feature](stack)
    assert template_of(stack) == snapshot


def test_no_snapshot_is_unused() -> None:
    """Syrupy says so itself, but only where one process runs all tests."""
    folder = Path(__file__).parent / "__snapshots__" / Path(__file__).stem
    assert {file.name for file in folder.iterdir()} == {
        f"test_template[{feature}].json" for feature in FEATURES
    }


@pytest.mark.pin_only
@pytest.mark.parametrize("feature", FEATURES)
def test_cfn_lint_finds_no_error(feature: str) -> None:
    stack = new_stack()
    FEATURES[feature](stack)
    found = lint(json.dumps(template_of(stack)), config=ManualArgs(regions=["eu-west-1"]))
    assert [str(match) for match in found if match.rule.severity == "error"] == []

"""Snapshots of the templates of endpoints, one for each feature, checked by cfn-lint."""

from __future__ import annotations

import pytest
from kit.cdk import new_stack, template_of
from kit.cfn_lint import findings_of_cfn_lint
from kit.endpoints import FEATURES
from kit.snapshots import committed_snapshots
from syrupy.assertion import SnapshotAssertion


@pytest.mark.pin_only
@pytest.mark.parametrize("feature", FEATURES)
def test_template(feature: str, cdk_snapshot: SnapshotAssertion) -> None:
    stack = new_stack()
    FEATURES[feature](stack)
    assert template_of(stack) == cdk_snapshot


def test_no_snapshot_is_unused() -> None:
    assert committed_snapshots(__file__) == {
        f"test_template[{feature}].json" for feature in FEATURES
    }


@pytest.mark.pin_only
@pytest.mark.parametrize("feature", FEATURES)
def test_cfn_lint_has_no_findings(feature: str) -> None:
    stack = new_stack()
    FEATURES[feature](stack)
    assert findings_of_cfn_lint(template_of(stack), "eu-west-1") == []

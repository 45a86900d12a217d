"""Snapshots of the templates of components, one for each feature, checked by linters and rules."""

from __future__ import annotations

import pytest
from kit.cdk import new_stack, template_of
from kit.cfn_lint import findings_of_cfn_lint
from kit.components import COMPONENTS
from kit.dependency_graph import assert_acyclic
from kit.snapshots import committed_snapshots
from syrupy.assertion import SnapshotAssertion

from cdk_epc import check_template

pytestmark = pytest.mark.pin_only


@pytest.mark.parametrize("feature", COMPONENTS)
def test_template_of_component(feature: str, cdk_snapshot: SnapshotAssertion) -> None:
    stack = new_stack()
    COMPONENTS[feature](stack)
    assert template_of(stack) == cdk_snapshot


def test_no_snapshot_of_a_component_is_unused() -> None:
    assert committed_snapshots(__file__) == {
        f"test_template_of_component[{feature}].json" for feature in COMPONENTS
    }


@pytest.mark.parametrize("feature", COMPONENTS)
def test_linters_and_rules_have_no_findings(feature: str) -> None:
    stack = new_stack()
    made = COMPONENTS[feature](stack)
    template = template_of(stack)
    assert_acyclic(template)
    assert findings_of_cfn_lint(template, "eu-west-1") == []
    assert (made.findings_at_synth(), check_template(template)) == ([], [])

"""Snapshots of the templates of configurations, one for each feature, checked by linters."""

from __future__ import annotations

import pytest
from kit.cdk import new_stack, template_of
from kit.cfn_lint import findings_of_cfn_lint
from kit.features import FEATURES
from kit.snapshots import committed_snapshots
from syrupy.assertion import SnapshotAssertion

from cdk_epc import EndpointConfig


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


def test_constructor_and_methods_render_the_same() -> None:
    templates = []
    for feature in ("ab_test", "constructor"):
        stack = new_stack()
        FEATURES[feature](stack)
        templates.append(template_of(stack))
    assert templates[0] == templates[1]


@pytest.mark.parametrize("feature", [name for name in FEATURES if name != "hashed_name"])
def test_request_round_trip(feature: str) -> None:
    """The request of a configuration creates the same configuration, tokens included."""
    stack, again = new_stack(), new_stack()
    request = FEATURES[feature](stack).to_request()
    assert EndpointConfig.from_request(again, "Again", request).to_request() == request

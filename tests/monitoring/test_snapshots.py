"""Generated CloudFormation of alarms, one snapshot for each kind of endpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns
from kit.cdk import new_stack, template_of
from kit.cfn_lint import findings_of_cfn_lint
from kit.monitored_endpoints import MONITORED_ENDPOINTS, real_time, with_components
from kit.snapshots import committed_snapshots
from syrupy.assertion import SnapshotAssertion

from cdk_epc import AlarmThresholds, InferenceComponent, VariantReference


def _recommended(kind: str) -> Callable[[cdk.Stack], None]:
    def add_alarms(stack: cdk.Stack) -> None:
        MONITORED_ENDPOINTS[kind](stack).add_recommended_alarms()

    return add_alarms


def _notified(stack: cdk.Stack) -> None:
    """Add alarms with custom thresholds and a topic."""
    real_time(stack).add_recommended_alarms(
        thresholds=AlarmThresholds(latency=cdk.Duration.millis(200), latency_statistic="p90"),
        notify=[sns.Topic(stack, "Notified")],
    )


def _rollback(stack: cdk.Stack) -> None:
    """Add an endpoint with rollback alarms on its new fleet."""
    endpoint = real_time(stack, None)
    endpoint.roll_back_on(*endpoint.add_recommended_alarms().for_rollback())


def _of_a_component(stack: cdk.Stack) -> None:
    """Add a component with rollback alarms."""
    with_components(stack)
    chat = stack.node.find_child("Chat")
    assert isinstance(chat, InferenceComponent)
    chat.roll_back_on(*chat.add_recommended_alarms().for_rollback())


def _of_the_metrics(stack: cdk.Stack) -> None:
    """Add custom alarms on a variant, on the endpoint, and on a variant by its name."""
    endpoint = real_time(stack)
    for name, metric in {
        "Variant": endpoint.variant("blue").metric_model_latency(statistic="p99"),
        "Whole": endpoint.metric_invocation_5xx_errors(),
        "Named": VariantReference(endpoint, "blue").metric_cpu_utilization(),
    }.items():
        metric.create_alarm(stack, name, threshold=0.5, evaluation_periods=3)


STACKS: Final[dict[str, Callable[[cdk.Stack], None]]] = {
    **{kind: _recommended(kind) for kind in MONITORED_ENDPOINTS},
    "notified": _notified,
    "rollback": _rollback,
    "of_a_component": _of_a_component,
    "of_the_metrics": _of_the_metrics,
}
each_stack = pytest.mark.parametrize("kind", STACKS)


@pytest.mark.pin_only
@each_stack
def test_template(kind: str, cdk_snapshot: SnapshotAssertion) -> None:
    stack = new_stack()
    STACKS[kind](stack)
    assert template_of(stack) == cdk_snapshot


def test_no_snapshot_is_unused() -> None:
    assert committed_snapshots(__file__) == {f"test_template[{kind}].json" for kind in STACKS}


@pytest.mark.pin_only
@each_stack
def test_cfn_lint_finds_no_error(kind: str) -> None:
    stack = new_stack()
    STACKS[kind](stack)
    assert findings_of_cfn_lint(template_of(stack)) == []

"""The alarms of each kind of endpoint as CloudFormation has them, one snapshot a kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns
from kit.cdk import new_stack, template_of
from kit.linting import findings_of_cfn_lint
from kit.monitored_endpoints import OBSERVED, components, real_time
from kit.snapshots import committed
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from cdk_epc import AlarmThresholds, InferenceComponent, VariantReference


def _recommended(kind: str) -> Callable[[cdk.Stack], None]:
    return lambda stack: _alarmed(stack, kind)


def _alarmed(stack: cdk.Stack, kind: str) -> None:
    OBSERVED[kind](stack).add_recommended_alarms()


def _told(stack: cdk.Stack) -> None:
    """Thresholds of one's own, and somebody who is notified."""
    real_time(stack).add_recommended_alarms(
        thresholds=AlarmThresholds(latency=cdk.Duration.millis(200), latency_statistic="p90"),
        notify=[sns.Topic(stack, "Notified")],
    )


def _rollback(stack: cdk.Stack) -> None:
    """An endpoint that rolls back on its own alarms, which watch the new fleet alone."""
    made = real_time(stack, None)
    made.roll_back_on(*made.add_recommended_alarms().for_rollback())


def _of_a_component(stack: cdk.Stack) -> None:
    components(stack)
    chat = stack.node.find_child("Chat")
    assert isinstance(chat, InferenceComponent)
    chat.roll_back_on(*chat.add_recommended_alarms().for_rollback())


def _of_the_metrics(stack: cdk.Stack) -> None:
    """Alarms of one's own: on a variant, on the whole endpoint, on a variant by its name."""
    made = real_time(stack)
    for name, metric in {
        "Variant": made.variant("blue").metric_model_latency(statistic="p99"),
        "Whole": made.metric_invocation_5xx_errors(),
        "Named": VariantReference(made, "blue").metric_cpu_utilization(),
    }.items():
        metric.create_alarm(stack, name, threshold=0.5, evaluation_periods=3)


ALARMED: Final[dict[str, Callable[[cdk.Stack], None]]] = {
    **{kind: _recommended(kind) for kind in OBSERVED},
    "notified": _told,
    "rollback": _rollback,
    "of_a_component": _of_a_component,
    "of_the_metrics": _of_the_metrics,
}
each = pytest.mark.parametrize("kind", ALARMED)


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.mark.pin_only
@each
def test_template(kind: str, snapshot: SnapshotAssertion) -> None:
    stack = new_stack()
    ALARMED[kind](stack)
    assert template_of(stack) == snapshot


def test_no_snapshot_is_unused() -> None:
    assert committed(__file__) == {f"test_template[{kind}].json" for kind in ALARMED}


@pytest.mark.pin_only
@each
def test_cfn_lint_finds_no_error(kind: str) -> None:
    stack = new_stack()
    ALARMED[kind](stack)
    assert findings_of_cfn_lint(template_of(stack)) == []

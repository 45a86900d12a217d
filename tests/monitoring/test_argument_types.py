"""Arguments of the wrong type raise an error, and a text is not a list of its letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kit.cdk import new_stack
from kit.endpoints import config_of

from cdk_epc import AlarmKind, Endpoint, EndpointConfigError

_KINDS = (
    "must be a list of kinds of alarms: backlog-age, client-errors, concurrency, cpu, disk, "
    "expired-requests, failed-requests, gpu, gpu-memory, idle, latency, memory, "
    "no-capacity, server-errors, spillover"
)
CALLS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a kind of alarm instead of a list": (
        lambda endpoint: endpoint.add_recommended_alarms(without=AlarmKind.LATENCY),
        f"without is 'latency'; {_KINDS}",
    ),
    "an unknown kind of alarm": (
        lambda endpoint: endpoint.add_recommended_alarms(without=["latncy"]),
        f"without is ['latncy']; {_KINDS}",
    ),
    "None instead of kinds of alarms": (
        lambda endpoint: endpoint.add_recommended_alarms(without=None),
        f"without is missing; {_KINDS}",
    ),
    "a dictionary instead of thresholds": (
        lambda endpoint: endpoint.add_recommended_alarms(thresholds={"latency": 5}),
        "thresholds is {'latency': 5}; must be AlarmThresholds",
    ),
    "a number instead of a topic": (
        lambda endpoint: endpoint.add_recommended_alarms(notify=5),
        (
            "notify is 5; must be a topic, the ARN of a topic or an alarm action (IAlarmAction), "
            "or a list of them"
        ),
    ),
    "the name of a variant instead of a list": (
        lambda endpoint: endpoint.add_recommended_alarms(variants="main"),
        "variants is 'main'; must be a list of names",
    ),
    "the name of a variant for a dashboard": (
        lambda endpoint: endpoint.dashboard(variants="main"),
        "variants is 'main'; must be a list of names",
    ),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("is_imported", [False, True])
def test_an_argument_of_the_wrong_type(name: str, *, is_imported: bool) -> None:
    call, message = CALLS[name]
    stack = new_stack()
    endpoint: Any = (
        Endpoint.from_endpoint_name(stack, "Imported", "name")
        if is_imported
        else Endpoint(stack, "Endpoint", endpoint_config=config_of(stack))
    )
    before = [each.node.path for each in stack.node.find_all()]
    with pytest.raises(EndpointConfigError) as error:
        call(endpoint)
    (finding,) = error.value.findings
    assert (finding.rule_id, finding.message) == ("argument-type-wrong", message)
    assert [each.node.path for each in stack.node.find_all()] == before

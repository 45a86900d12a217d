"""What is no list, no kind of an alarm or nobody is refused, and not taken for its letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kit.cdk import new_stack
from kit.endpoints import config_of

from cdk_epc import AlarmKind, Endpoint, EndpointConfigError

REFUSED: dict[str, tuple[Callable[[Any], object], str]] = {
    "one kind and no list": (
        lambda it: it.add_recommended_alarms(without=AlarmKind.LATENCY),
        "a list of kinds of alarms: ",
    ),
    "no kind of an alarm": (
        lambda it: it.add_recommended_alarms(without=["latncy"]),
        "a list of kinds of alarms: ",
    ),
    "nothing in place of kinds": (
        lambda it: it.add_recommended_alarms(without=None),
        "a list of kinds of alarms: ",
    ),
    "no thresholds": (
        lambda it: it.add_recommended_alarms(thresholds={"latency": 5}),
        "AlarmThresholds",
    ),
    "one variant and no list": (
        lambda it: it.add_recommended_alarms(variants="main"),
        "a list of names",
    ),
    "one variant on a dashboard": (lambda it: it.dashboard(variants="main"), "a list of names"),
    "nobody": (
        lambda it: it.grant_invoke("arn:aws:iam::111122223333:role/caller"),
        "somebody (IGrantable): a role, a user, a function",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("is_imported", [False, True])
def test_refused(name: str, *, is_imported: bool) -> None:
    call, allowed = REFUSED[name]
    stack = new_stack()
    it: Any = (
        Endpoint.from_endpoint_name(stack, "Imported", "name")
        if is_imported
        else Endpoint(stack, "Endpoint", endpoint_config=config_of(stack))
    )
    before = [each.node.path for each in stack.node.find_all()]
    with pytest.raises(EndpointConfigError) as error:
        call(it)
    (finding,) = error.value.findings
    assert finding.rule_id in {"argument-type-wrong", "grant-not-supported"}
    assert finding.allowed.startswith(allowed)
    assert [each.node.path for each in stack.node.find_all()] == before

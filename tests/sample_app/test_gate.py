"""Test of the gate of the pipeline, with the responses of CloudWatch."""

from __future__ import annotations

from typing import Any

import pytest

from sample_app import gate


class CloudWatch:
    """Client of CloudWatch with an alarm that goes off at a call."""

    def __init__(self, active_at: int | None) -> None:
        self.active_at = active_at
        self.calls: list[list[str]] = []

    def describe_alarms(self, **given: Any) -> dict[str, Any]:
        assert given.pop("AlarmTypes") == ["MetricAlarm", "CompositeAlarm"]
        assert given.pop("StateValue") == "ALARM"
        self.calls.append(given.pop("AlarmNames"))
        assert not given
        is_active = len(self.calls) == self.active_at
        return {"MetricAlarms": [{"AlarmName": "latency"}] if is_active else []}


def test_first_active_alarm_ends_the_watch() -> None:
    slept: list[float] = []
    client = CloudWatch(active_at=3)
    assert gate.watch(client, ["latency"], 10, slept.append) == ["latency"]
    assert slept == [60, 60]
    client = CloudWatch(active_at=None)
    assert gate.watch(client, ["latency"], 10, slept.append) == []
    assert len(client.calls) == 11


def test_a_call_has_at_most_a_hundred_names() -> None:
    client = CloudWatch(active_at=None)
    assert gate.active_alarms(client, [str(each) for each in range(250)]) == []
    assert [len(names) for names in client.calls] == [100, 100, 50]


def test_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="no environment variable"):
        gate.main()
    for name, value in {"ALARMS_FRAUD": "a,b", "ROLE": "r", "REGION": "x", "MINUTES": "0"}.items():
        monkeypatch.setenv(name, value)
    client = CloudWatch(active_at=1)
    monkeypatch.setattr(gate, "_client", lambda _role, _region: client)
    with pytest.raises(SystemExit, match="in the state ALARM: latency"):
        gate.main()
    gate.main()
    assert client.calls == [["a", "b"]] * 2

"""Thresholds of the recommended alarms that are out of range raise an error."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack, template_of
from kit.monitored_endpoints import asynchronous, real_time
from kit.template_metrics import ALARM, of_type

from cdk_epc import AlarmThresholds, EndpointConfigError

TOKEN = cdk.Token.as_number({"Ref": "Number"})


@pytest.mark.parametrize(
    ("thresholds", "message", "fix"),
    [
        (
            AlarmThresholds(server_error_rate=1),
            "thresholds.server_error_rate is 1; must be above 0 and below 1",
            "Change server_error_rate, or remove it to use the default.",
        ),
        (
            AlarmThresholds(cpu=90),
            "thresholds.cpu is 90; must be above 0 and below 1",
            "Change cpu, or remove it to use the default.",
        ),
        (
            AlarmThresholds(disk=0),
            "thresholds.disk is 0; must be above 0 and below 1",
            "Change disk, or remove it to use the default.",
        ),
        (
            AlarmThresholds(memory=TOKEN),
            "thresholds.memory is known at deployment; must be above 0 and below 1",
            "Change memory, or remove it to use the default.",
        ),
        (
            AlarmThresholds(gpu="5%"),  # type: ignore[arg-type]
            "thresholds.gpu is '5%'; must be above 0 and below 1",
            "Change gpu, or remove it to use the default.",
        ),
        (
            AlarmThresholds(request_minutes=0, bad_request_minutes=0),
            "thresholds.request_minutes is 0; must be a whole number, 1 or more",
            "Change request_minutes, or remove it to use the default.",
        ),
        (
            AlarmThresholds(latency=30),  # type: ignore[arg-type]
            "thresholds.latency is 30; must be a Duration above 0, known before the deployment",
            "Change latency, or remove it to use the default.",
        ),
        (
            AlarmThresholds(failed_requests=0),
            "thresholds.failed_requests is 0; must be a whole number, 1 or more",
            "Change failed_requests, or remove it to use the default.",
        ),
        (
            AlarmThresholds(bad_request_minutes=6),
            "thresholds.bad_request_minutes is 6; must be 1 to 5, the value of request_minutes",
            "Change bad_request_minutes, or remove it to use the default.",
        ),
        (
            AlarmThresholds(latency_statistic="P99"),
            (
                "thresholds.latency_statistic is 'P99'; must be Average, Maximum or a percentile "
                "such as p99"
            ),
            "Change latency_statistic, or remove it to use the default.",
        ),
        (
            AlarmThresholds(latency_statistic=99),  # type: ignore[arg-type]
            (
                "thresholds.latency_statistic is 99; must be Average, Maximum or a percentile such "
                "as p99"
            ),
            "Change latency_statistic, or remove it to use the default.",
        ),
    ],
)
def test_a_threshold_out_of_range(thresholds: AlarmThresholds, message: str, fix: str) -> None:
    stack = new_stack()
    endpoint = real_time(stack)
    with pytest.raises(EndpointConfigError) as caught:
        endpoint.add_recommended_alarms(thresholds=thresholds)
    finding, *_ = caught.value.findings
    assert finding.rule_id == "alarm-threshold-out-of-range"
    assert (finding.message, finding.fix) == (message, fix)
    assert finding.file == __file__
    assert of_type(template_of(stack), ALARM) == {}


def test_a_duration_that_is_a_token() -> None:
    thresholds = AlarmThresholds(backlog_age=cdk.Duration.seconds(TOKEN))
    with pytest.raises(
        EndpointConfigError, match=r"thresholds\.backlog_age is .*; must be a Duration"
    ):
        asynchronous(new_stack()).add_recommended_alarms(thresholds=thresholds)

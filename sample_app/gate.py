"""Gate after the deployment of a region: fails if a rollback alarm goes off.

The pipeline runs this module. It reads the environment variables REGION, ROLE (a role that may read
the alarms), MINUTES, and ALARMS_... with the names of alarms, separated by commas.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_PREFIX: Final = "ALARMS_"
_MOST_NAMES: Final = 100
"""Names of one call of DescribeAlarms."""


def alarm_names(environment: Mapping[str, str]) -> list[str]:
    """Return the names of the alarms in the environment variables."""
    values = (value for key, value in environment.items() if key.startswith(_PREFIX))
    return [name for value in values for name in value.split(",") if name]


def active_alarms(client: Any, names: Sequence[str]) -> list[str]:  # noqa: ANN401 - boto3 has no types
    """Return the names of the alarms in the state ALARM.

    Args:
        client: CloudWatch client of boto3.
        names: Names of the alarms.
    """
    active: list[str] = []
    for start in range(0, len(names), _MOST_NAMES):
        response = client.describe_alarms(
            AlarmNames=names[start : start + _MOST_NAMES],
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
            StateValue="ALARM",
        )
        for kind in ("MetricAlarms", "CompositeAlarms"):
            active += [each["AlarmName"] for each in response.get(kind, ())]
    return active


def watch(
    client: Any,  # noqa: ANN401 - see active_alarms
    names: Sequence[str],
    minutes: int,
    sleep: Callable[[float], None] = time.sleep,
) -> list[str]:
    """Return the first active alarms, or none if the alarms are quiet for this time."""
    for _ in range(minutes):
        if active := active_alarms(client, names):
            return active
        sleep(60)
    return active_alarms(client, names)


def _client(role: str, region: str) -> Any:  # noqa: ANN401 - see active_alarms
    import boto3  # noqa: PLC0415 - the pipeline installs it for this module alone

    assumed = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="gate")["Credentials"]
    return boto3.client(
        "cloudwatch",
        region_name=region,
        aws_access_key_id=assumed["AccessKeyId"],
        aws_secret_access_key=assumed["SecretAccessKey"],
        aws_session_token=assumed["SessionToken"],
    )


def main() -> None:
    """Watch the alarms of the environment variables, and exit with an error if one is active."""
    names = alarm_names(os.environ)
    if not names:
        sys.exit("no environment variable ALARMS_... has the name of an alarm")
    client = _client(os.environ["ROLE"], os.environ["REGION"])
    if active := watch(client, names, int(os.environ["MINUTES"])):
        sys.exit(f"in the state ALARM: {', '.join(active)}")


if __name__ == "__main__":
    main()

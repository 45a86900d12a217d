"""Importing the package reads no data and starts nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROBE = """
import json, os, sys

opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
{statement}
modules = [name for name in ("aws_cdk", "jsii", "constructs", "botocore") if name in sys.modules]
data = sorted({{os.path.basename(path) for path in opened if path.endswith(".json")}})
print(json.dumps([data, modules]))
"""


@pytest.mark.parametrize(
    ("statement", "read"),
    [
        ("import cdk_epc.catalog.instances", []),
        (
            "from cdk_epc import InstanceType; InstanceType.ML_M5_XLARGE.is_known",
            [],
        ),
        (
            "from cdk_epc.catalog.instances import InstanceType; InstanceType.ML_M5_XLARGE.vcpus",
            ["instances.json"],
        ),
        (
            "from cdk_epc.catalog import instances; instances.other_service_enums('ml.x.y')",
            ["other_services.json"],
        ),
    ],
)
def test_data_is_read_at_first_use(statement: str, read: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 - the interpreter of the tests and the text above
        [sys.executable, "-c", PROBE.format(statement=statement)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout) == [read, []]

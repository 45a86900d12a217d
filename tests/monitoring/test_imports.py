"""An app pays for CloudWatch's module when it asks for a metric, not before."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import sys
import aws_cdk as cdk
from cdk_epc import Endpoint, EndpointConfig, InstanceType, InstanceVariant

stack = cdk.Stack()
variant = InstanceVariant(
    "blue", model="churn", instance_type=InstanceType.ML_M5_XLARGE, initial_instance_count=1
)
config = EndpointConfig(stack, "Config", production_variants=[variant])
endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
print("aws_cdk.aws_cloudwatch" in sys.modules)
endpoint.variant("blue").metric_invocations()
print("aws_cdk.aws_cloudwatch" in sys.modules)
"""


def test_cloudwatch_is_imported_when_it_is_needed() -> None:
    done = subprocess.run(  # noqa: S603 - the interpreter of the tests and the text above
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]

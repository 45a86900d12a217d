"""An app pays for CloudWatch's module, other resources and rules when it needs them, not before."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import sys
import aws_cdk as cdk
from cdk_epc import EndpointConfig
others = ("aws_cdk.aws_iam", "cdk_epc.model", "cdk_epc.spec.alarm", "cdk_epc.spec.component",
          "cdk_epc.spec.scaling", "cdk_epc.rules.fields", "cdk_epc.rules.variants")
print(*(name for name in others if name in sys.modules), "-")
from cdk_epc import Endpoint, InstanceType, InstanceVariant

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


def test_modules_are_imported_when_they_are_needed() -> None:
    done = subprocess.run(  # noqa: S603 - the interpreter of the tests and the text above
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["-", "False", "True"]

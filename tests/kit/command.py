"""The command line in this process, and files for it."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any, NamedTuple

from cdk_epc.cli import main

GOOD: dict[str, Any] = {
    "EndpointConfigName": "fraud",
    "ProductionVariants": [
        {
            "VariantName": "main",
            "ModelName": "fraud-7",
            "InstanceType": "ml.m5.xlarge",
            "InitialInstanceCount": 1,
        }
    ],
}
BAD_TEXT = """\
{
  "EndpointConfigName": "fraud",
  "ProductionVariants": [
    {
      "VariantName": "main",
      "ModelName": "fraud-7",
      "ServerlessConfig": {"MaxConcurrency": 1, "MemorySizeInMB": 1111}
    }
  ]
}
"""
TEMPLATE_TEXT = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - VariantName: main
          ModelName: !Ref Model
          ServerlessConfig:
            MaxConcurrency: 1
            MemorySizeInMB: 1111
Parameters:
  Model: {Type: String}
"""
ACKNOWLEDGED_TEXT = TEMPLATE_TEXT.replace(
    "    Properties:\n",
    """\
    Metadata:
      cdk-epc:
        acknowledge:
          serverless-memory-step: Confirmed with support.
    Properties:
""",
)


class Run(NamedTuple):
    """Exit code and output of a run of the command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as JSON."""
        read: dict[str, Any] = json.loads(self.out)
        return read


def run(*arguments: object) -> Run:
    """Run the command with these arguments."""
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
    ):
        code = main([str(each) for each in arguments])
    return Run(int(code), out.getvalue(), err.getvalue())

"""Errors about the names of two resources of an app."""

from __future__ import annotations

from typing import Final

from cdk_epc.rules.rule import Evidence, InputError

NAME_REPEATED: Final = InputError(
    id="name-repeated",
    title="Two resources of an app must not have the same name",
    why="A name is unique in an account and region, so that the deployment of the second resource "
    "fails. Only constructs in one stack, or in stacks with equal known account and region, are "
    "compared, and none with a condition.",
    fix="Give the two resources different names, or let CloudFormation generate them.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/sagemaker-python-sdk/issues/101",
)
INPUT_ERRORS: Final = (NAME_REPEATED,)

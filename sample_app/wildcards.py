"""Reasons for the wildcards in the app's IAM policies, for cdk-nag's AwsSolutions pack.

Each wildcard is acknowledged separately, with the reason for its pattern. A wildcard without a
matching pattern fails the synthesis.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import jsii
from aws_cdk.aws_iam import CfnPolicy
from constructs import IValidation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RULE: Final = "AwsSolutions::AwsSolutions-IAM5"

REASONS: Final = {
    r"\*": "ecr:GetAuthorizationToken, cloudwatch:PutMetricData (limited to SageMaker's namespaces "
    "by a condition) and ec2:Describe* support no resources.",
    r"arn:.+:logs:.+:log-group:/aws/sagemaker/\*": "SageMaker names a log group after "
    "its endpoint, which does not exist yet.",
    r"arn:.+:ec2:.+:network-interface/\*": "EC2 generates the ids of the network interfaces.",
    r"arn:.+:ec2:[^:]+:\*:(subnet|security-group)/[^*]+": "The ARN of a shared subnet has the "
    "account of its owner; its id is unique.",
    r"[^*]+/(captured|failures|uploads|verdicts)/\*": "The name of each object below the prefix "
    "is chosen at the time of the request.",
}
"""Reasons by the pattern of the resource."""


def acknowledge_wildcards(stack: cdk.Stack, reasons: Mapping[str, str] = REASONS) -> None:
    """Acknowledge the wildcards in the policies of a stack at synth.

    Args:
        stack: The stack.
        reasons: Reasons by the pattern of the resource or action.
    """
    stack.node.add_validation(_Wildcards(stack, reasons))


@jsii.implements(IValidation)
class _Wildcards:
    def __init__(self, stack: cdk.Stack, reasons: Mapping[str, str]) -> None:
        self._stack = stack
        self._reasons = reasons

    def validate(self) -> list[str]:
        """Return an error for each wildcard without a reason."""
        return [
            f"{policy.node.path} has the {member.lower()} {value}; must be {article} "
            f"{member.lower()} without a wildcard, or match a pattern in sample_app.wildcards"
            for policy in self._stack.node.find_all()
            if isinstance(policy, CfnPolicy)
            for member, article, value in self._wildcards(policy)
            if not self._acknowledged(policy, member, value)
        ]

    def _wildcards(self, policy: CfnPolicy) -> Iterator[tuple[str, str, str]]:
        document = self._stack.resolve(policy.policy_document)
        for statement in document["Statement"]:
            for member, article in (("Action", "an"), ("Resource", "a")):
                given = statement[member]
                for each in given if isinstance(given, list) else [given]:
                    if "*" in (value := _flat(each)):
                        yield member, article, value

    def _acknowledged(self, policy: CfnPolicy, member: str, value: str) -> bool:
        for form, reason in self._reasons.items():
            if re.fullmatch(form, value):
                acknowledgment = cdk.Acknowledgment(id=f"{_RULE}[{member}::{value}]", reason=reason)
                cdk.Validations.of(policy).acknowledge(acknowledgment)
                return True
        return False


def _flat(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return a value of a template on one line, as cdk-nag writes it."""
    if isinstance(value, str):
        return value
    [(function, given)] = value.items()
    if function == "Fn::Join":
        return str(given[0]).join(map(_flat, given[1]))
    if function == "Fn::GetAtt":
        return f"<{'.'.join(given)}>"
    return f"<{given}>" if function == "Ref" else json.dumps(value, separators=(",", ":"))

"""Why a policy of this app has a wildcard where it has one, as cdk-nag's AwsSolutions pack asks.

Each wildcard is acknowledged by itself, with the reason for its kind. One that is of no kind here
keeps the app from being synthesised, so that nobody adds one unnoticed.
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
    from collections.abc import Iterator

_RULE: Final = "AwsSolutions::AwsSolutions-IAM5"

REASONS: Final = {
    r"\*": "The login of ECR, metrics (of SageMaker's namespaces alone, by a condition) and EC2's "
    "descriptions belong to no resource.",
    r"arn:.+:logs:.+:log-group:/aws/sagemaker/\*": "SageMaker names a log group after "
    "its endpoint, which is not there yet.",
    r"arn:.+:ec2:.+:network-interface/\*": "EC2 makes up the ids of the network interfaces.",
    r"arn:.+:ec2:[^:]+:\*:(subnet|security-group)/[^*]+": "A subnet that is shared has the "
    "account of whoever shares it; its id is unique all the same.",
    r"[^*]+/(captured|failures|uploads|verdicts)/\*": "Each object below the prefix is named when "
    "a request is made.",
}
"""By the form of the resource, why there is nothing narrower."""


def acknowledge_wildcards(stack: cdk.Stack) -> None:
    """Acknowledge the wildcards in the policies of a stack when all is known of them."""
    stack.node.add_validation(_Wildcards(stack))


@jsii.implements(IValidation)
class _Wildcards:
    def __init__(self, stack: cdk.Stack) -> None:
        self._stack = stack

    def validate(self) -> list[str]:
        """What has no reason."""
        return [
            f"{policy.node.path} allows something on {resource}; allowed: a resource of its own, "
            "or one of the kinds that sample_app.acknowledged has a reason for"
            for policy in self._stack.node.find_all()
            if isinstance(policy, CfnPolicy)
            for resource in self._wildcards(policy)
            if not _acknowledged(policy, resource)
        ]

    def _wildcards(self, policy: CfnPolicy) -> Iterator[str]:
        document = self._stack.resolve(policy.policy_document)
        for statement in document["Statement"]:
            given = statement["Resource"]
            for each in given if isinstance(given, list) else [given]:
                if "*" in (resource := _flat(each)):
                    yield resource


def _acknowledged(policy: CfnPolicy, resource: str) -> bool:
    for form, reason in REASONS.items():
        if re.fullmatch(form, resource):
            acknowledgment = cdk.Acknowledgment(id=f"{_RULE}[Resource::{resource}]", reason=reason)
            cdk.Validations.of(policy).acknowledge(acknowledgment)
            return True
    return False


def _flat(value: Any) -> str:  # noqa: ANN401 - JSON
    """A value of a template on one line, as cdk-nag writes it."""
    if isinstance(value, str):
        return value
    [(function, given)] = value.items()
    if function == "Fn::Join":
        return str(given[0]).join(map(_flat, given[1]))
    if function == "Fn::GetAtt":
        return f"<{'.'.join(given)}>"
    return f"<{given}>" if function == "Ref" else json.dumps(value, separators=(",", ":"))

"""Permissions that the policies of a template allow, and a check of least privilege."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import attrs

EVERYWHERE: Final = {
    "cloudwatch:DescribeAlarms": "composite alarms are listed only with permission for all alarms",
    "cloudwatch:PutMetricData": "has no resource type; the namespace is a condition",
    "ec2:DescribeDhcpOptions": "has no resource type",
    "ec2:DescribeNetworkInterfaces": "has no resource type",
    "ec2:DescribeSecurityGroups": "has no resource type",
    "ec2:DescribeSubnets": "has no resource type",
    "ec2:DescribeVpcEndpoints": "has no resource type",
    "ec2:DescribeVpcs": "has no resource type",
    "ecr:GetAuthorizationToken": "has no resource type",
    "sagemaker:CallWithBearerToken": "has no resource type",
}
"""Actions that may be allowed on ``*``, each with the reason.

Source: service authorization reference; for composite alarms, the API reference of CloudWatch.
"""

CONDITIONAL: Final = {"cloudwatch:PutMetricData": "cloudwatch:namespace"}
"""Those of these actions that must have a condition instead."""

_REFERENCE: Final = re.compile(r"<[^>]*>")
_HASH: Final = re.compile(r"[0-9A-F]{8}$")
_OF_A_RESOURCE: Final = {
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
    "AWS::ECR::Repository": "RepositoryPolicyText",
}


@attrs.frozen
class Statement:
    """Statement of a policy with the effect ``Allow``.

    Attributes:
        owner: Logical id of the resource with the statement.
        body: JSON of the statement.
        of_resource: Whether the policy is that of a resource, whose name there is ``*``.
    """

    owner: str
    body: Mapping[str, Any]
    of_resource: bool = False

    @property
    def actions(self) -> tuple[str, ...]:
        """Actions."""
        return _several(self.body.get("Action", ()))

    @property
    def resources(self) -> tuple[Any, ...]:
        """Resources."""
        return _several(self.body.get("Resource", ()))

    @property
    def line(self) -> str:
        """Statement on one line."""
        words = f"{' '.join(self.actions)} on {' '.join(map(_text, self.resources))}"
        conditions = self.body.get("Condition")
        return f"{words} if {json.dumps(conditions)}" if conditions else words

    @property
    def condition_keys(self) -> frozenset[str]:
        """Keys of the conditions."""
        conditions = cast("dict[str, dict[str, Any]]", self.body.get("Condition", {}))
        return frozenset(key for each in conditions.values() for key in each)


def statements(template: Mapping[str, Any]) -> list[Statement]:
    """Return all statements with the effect ``Allow`` of a template."""
    found: list[Statement] = []
    for id_, resource in template.get("Resources", {}).items():
        for document, of_resource in _documents(resource):
            found += [
                Statement(id_, body, of_resource)
                for body in document["Statement"]
                if body["Effect"] == "Allow"
            ]
    return found


def _documents(resource: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], bool]]:
    type_, properties = resource["Type"], resource.get("Properties", {})
    if type_.startswith("AWS::IAM::"):
        for each in (properties, *properties.get("Policies", ())):
            if "PolicyDocument" in each:
                yield each["PolicyDocument"], False
    if "AssumeRolePolicyDocument" in properties:
        yield properties["AssumeRolePolicyDocument"], True
    if (document := properties.get(_OF_A_RESOURCE.get(type_, ""))) is not None:
        yield document, True


def excess_permissions(template: Mapping[str, Any]) -> list[str]:
    """Return a line for each permission of a template that is wider than necessary."""
    return [words for each in statements(template) for words in _excess_of(each)]


def _excess_of(statement: Statement) -> Iterator[str]:
    if "NotAction" in statement.body or "NotResource" in statement.body:
        yield f"{statement.owner}: all but what is named"
    if _is_account_of_key(statement):
        return
    for action in statement.actions:
        if "*" in action or "?" in action:
            yield f"{statement.owner}: {action}"
        if statement.of_resource or not any(map(_is_everything, statement.resources)):
            continue
        if action not in EVERYWHERE:
            yield f"{statement.owner}: {action} on *"
        needed = CONDITIONAL.get(action)
        if needed is not None and needed not in statement.condition_keys:
            yield f"{statement.owner}: {action} on *, without {needed}"


def _is_account_of_key(statement: Statement) -> bool:
    """Return whether a statement leaves a key to the policies of its account, as by default."""
    principal = statement.body.get("Principal")
    return (
        statement.actions == ("kms:*",)
        and isinstance(principal, dict)
        and _text(cast("dict[str, Any]", principal).get("AWS", "")).endswith(":root")
    )


def _is_everything(resource: object) -> bool:
    """Return whether a resource is ``*``, or all resources of a service."""
    return _REFERENCE.sub("", _text(resource)).split(":", 5)[-1].startswith("*")


def _text(tree: object) -> str:
    """Return a text with references as logical ids, without CDK's hashes."""
    if isinstance(tree, dict):
        ((key, what),) = cast("dict[str, Any]", tree).items()
        if key == "Fn::Join":
            return str(what[0].join(_text(item) for item in what[1]))
        return f"<{_HASH.sub('', what[0] if isinstance(what, list) else str(what))}>"
    return str(tree)


def statement_lines(template: Mapping[str, Any], owner: str) -> list[str]:
    """Return a line for each statement of a policy: actions, resources and conditions.

    Args:
        template: The template.
        owner: Logical id of the policy without CDK's hash.
    """
    return [each.line for each in statements(template) if _HASH.sub("", each.owner) == owner]


def _several(given: object) -> tuple[Any, ...]:
    return tuple(given) if isinstance(given, list) else (given,)


def assert_least_privilege(template: Mapping[str, Any]) -> None:
    """Assert that actions have no wildcard, and that ``*`` is a resource only where necessary."""
    assert excess_permissions(template) == []

"""What every policy of a template allows: exact actions, on no more than it takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import attrs

EVERYWHERE: Final = {
    "cloudwatch:DescribeAlarms": "CloudWatch tells of composite alarms only who may see all",
    "cloudwatch:PutMetricData": "takes no resource; the namespace is a condition",
    "ec2:DescribeDhcpOptions": "takes no resource",
    "ec2:DescribeNetworkInterfaces": "takes no resource",
    "ec2:DescribeSecurityGroups": "takes no resource",
    "ec2:DescribeSubnets": "takes no resource",
    "ec2:DescribeVpcEndpoints": "takes no resource",
    "ec2:DescribeVpcs": "takes no resource",
    "ecr:GetAuthorizationToken": "takes no resource",
}
"""The actions that may be allowed on ``*``, each with the reason.

Source: service authorization reference; for composite alarms, the API reference of CloudWatch.
"""

CONDITIONAL: Final = {"cloudwatch:PutMetricData": "cloudwatch:namespace"}
"""Of those, the ones that must have a condition instead."""

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
    """One statement that allows something.

    Attributes:
        owner: The logical id of the resource that it is a part of.
        body: It.
        of_resource: Whether it is part of a resource's own policy, which calls the resource ``*``.
    """

    owner: str
    body: Mapping[str, Any]
    of_resource: bool = False

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions."""
        return _several(self.body.get("Action", ()))

    @property
    def resources(self) -> tuple[Any, ...]:
        """The resources."""
        return _several(self.body.get("Resource", ()))

    @property
    def in_words(self) -> str:
        """It on one line."""
        words = f"{' '.join(self.actions)} on {' '.join(map(_text, self.resources))}"
        conditions = self.body.get("Condition")
        return f"{words} if {json.dumps(conditions)}" if conditions else words

    @property
    def condition_keys(self) -> frozenset[str]:
        """The keys of its conditions."""
        conditions = cast("dict[str, dict[str, Any]]", self.body.get("Condition", {}))
        return frozenset(key for each in conditions.values() for key in each)


def statements(template: Mapping[str, Any]) -> list[Statement]:
    """Every statement that allows something, of every policy in a template."""
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


def too_much(template: Mapping[str, Any]) -> list[str]:
    """What the policies of a template allow without need, in words."""
    return [words for each in statements(template) for words in _too_much(each)]


def _too_much(statement: Statement) -> Iterator[str]:
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
    """Whether a statement leaves a key to the policies of its account, as KMS's default does."""
    principal = statement.body.get("Principal")
    return (
        statement.actions == ("kms:*",)
        and isinstance(principal, dict)
        and _text(cast("dict[str, Any]", principal).get("AWS", "")).endswith(":root")
    )


def _is_everything(resource: object) -> bool:
    """Whether a resource is everything, or everything of a service."""
    return _REFERENCE.sub("", _text(resource)).split(":", 5)[-1].startswith("*")


def _text(tree: object) -> str:
    """A text in which references are the logical ids, without CDK's hashes."""
    if isinstance(tree, dict):
        ((key, what),) = cast("dict[str, Any]", tree).items()
        if key == "Fn::Join":
            return str(what[0].join(_text(item) for item in what[1]))
        return f"<{_HASH.sub('', what[0] if isinstance(what, list) else str(what))}>"
    return str(tree)


def in_words(template: Mapping[str, Any], owner: str) -> list[str]:
    """What a policy allows, a line for each statement: the actions, on what, and if what.

    Args:
        template: The template.
        owner: The logical id of the policy without CDK's hash.
    """
    return [each.in_words for each in statements(template) if _HASH.sub("", each.owner) == owner]


def _several(given: object) -> tuple[Any, ...]:
    return tuple(given) if isinstance(given, list) else (given,)


def assert_least(template: Mapping[str, Any]) -> None:
    """No action with a wildcard, and no resource that is everything but where it has to be."""
    assert too_much(template) == []

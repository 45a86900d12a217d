"""Rules of resources that an update moves to another logical id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec.updates import ResourceMove

_TAKEN: Final = "https://github.com/aws/sagemaker-python-sdk/issues/101"
_TARGET: Final = "https://github.com/aws/aws-cdk/issues/12253"
_POLICY: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/41179"
_REFACTOR: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-refactoring.html"
)
_COMPONENT: Final = "AWS::SageMaker::InferenceComponent"
_ENDPOINT: Final = "AWS::SageMaker::Endpoint"
_KEEP_ID: Final = (
    "Keep the old logical id with override_logical_id, or run `cdk refactor` on its own before "
    "this deployment."
)


def _former(subject: ResourceMove) -> str:
    stack = f" of {subject.old_stack}" if subject.old_stack else ""
    return f"{subject.old_logical_id}{stack}"


@rule(
    id="name-still-taken",
    title="A fixed name must not move to another logical id in one deployment",
    why="CloudFormation creates the new resource before it deletes the old one, and the name is "
    "still taken.",
    fix="Keep the logical id, or change the name.",
    evidence=Evidence.REAL_ERROR,
    source_url=_TAKEN,
    about=(ResourceMove,),
)
def name_still_taken(subject: ResourceMove) -> Iterator[Violation]:
    if subject.name is not None and subject.old_stack is None:
        path = (subject.name_member,) if subject.name_member is not None else ()
        is_component = subject.resource_type == _COMPONENT
        yield Violation(
            path=path,
            got=subject.name,
            sentence=f"the name {shown(subject.name)} still belongs to {_former(subject)}, which "
            "is deleted after this resource is created",
            fix="Keep the old logical id with override_logical_id, or change the name; "
            "`cdk refactor` cannot move inference components."
            if is_component
            else _KEEP_ID,
        )


@rule(
    id="scalable-target-recreated",
    title="A scalable target must not move to another logical id in one deployment",
    why="The target of a variant or component exists once. Its creation under a second logical id "
    "fails, or the removal of the first one deregisters it with all policies and schedules.",
    fix="Keep the logical id, or remove the target in one deployment and add it in the next.",
    evidence=Evidence.REAL_ERROR,
    source_url=_TARGET,
    about=(ResourceMove,),
)
def scalable_target_recreated(subject: ResourceMove) -> Iterator[Violation]:
    if subject.is_same_target:
        yield Violation(
            path=("resource_id",),
            got=Words(subject.old_logical_id),
            sentence=f"the scalable target exists as {_former(subject)}, which is removed after "
            "this one is created",
            fix="Keep the old logical id, or remove the target in one deployment and add it in the "
            "next; `cdk refactor` can also move it on its own.",
        )


@rule(
    id="tracking-policy-recreated",
    title="A target tracking policy must not get another name or logical id in one deployment",
    why="A target has one target tracking policy for a metric. The new policy is created before "
    "the old one is deleted, and Application Auto Scaling refuses it.",
    fix="Remove the policy in one deployment and add the new one in the next.",
    evidence=Evidence.REAL_ERROR,
    source_url=_POLICY,
    about=(ResourceMove,),
)
def tracking_policy_recreated(subject: ResourceMove) -> Iterator[Violation]:
    if subject.is_same_metric:
        cause = (
            "`policy_name` changes"
            if subject.is_renamed
            else f"the policy exists as {_former(subject)}"
        )
        yield Violation(
            path=("policy_name",),
            got=Words(subject.old_logical_id),
            sentence=f"{cause}, so that two policies of the target would track the same metric",
            fix="Keep the old logical id and PolicyName, or remove the policy in one deployment "
            "and add the new one in the next.",
        )


@rule(
    id="resource-moved",
    title="A resource that stays as it is should keep its logical id",
    why="CloudFormation creates it again and deletes the old one: a moved endpoint is a second "
    "fleet with another name, and a moved model or configuration is a full deployment without a "
    "change.",
    fix="Keep the logical id, or run `cdk refactor` before the deployment.",
    evidence=Evidence.DOCUMENTED,
    source_url=_REFACTOR,
    about=(ResourceMove,),
    severity=Severity.WARNING,
)
def resource_moved(subject: ResourceMove) -> Iterator[Violation]:
    if subject.is_same_target or subject.is_same_metric:
        return
    if subject.name is not None and subject.old_stack is None:
        return  # `name-still-taken` is about it
    effect = (
        "is created again under another name, and callers of the old one fail"
        if subject.resource_type == _ENDPOINT
        else "is created again without a change"
    )
    fix = _KEEP_ID
    if subject.resource_type == _COMPONENT:
        fix = "Keep the old logical id; `cdk refactor` cannot move inference components."
    yield Violation(
        path=(),
        got=Words(subject.old_logical_id),
        sentence=f"the resource differs from {_former(subject)} only in its logical id; it "
        f"{effect}",
        fix=fix,
    )


RULES: Final = (
    name_still_taken,
    scalable_target_recreated,
    tracking_policy_recreated,
    resource_moved,
)

"""Rules of what must be there first, and CloudFormation does not wait for unless it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import Path
from cdk_epc.spec.context import (
    EndpointContext,
    InferenceComponentContext,
    ScalableTargetContext,
    ScalingPolicyContext,
)

_PUT_POLICY: Final = (
    "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html"
)
_CREATE_ENDPOINT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html"
)
_ASYNC_ROLE: Final = "https://github.com/aws/amazon-sagemaker-examples/issues/4461"


@rule(
    id="role-policy-not-awaited",
    title="An endpoint waits for the policies of its role",
    why="A reference to a role waits for the role alone. CloudFormation makes its policies at "
    "the same time as the endpoint, which then fails for lack of a permission; and it may "
    "delete them before the endpoint is gone.",
    fix="Add DependsOn with the policy to the model or the endpoint.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ASYNC_ROLE,
    about=(EndpointContext,),
    severity=Severity.WARNING,
    of_templates=True,
)
def role_policy_not_awaited(subject: EndpointContext) -> Iterator[Violation]:
    for policy in subject.policies:
        if not policy.is_dependency:
            yield Violation(
                path=("endpoint_config_name",),
                got=Words(f"an endpoint that does not wait for {policy.logical_id}"),
                must=f"be one that does because that is a policy of its role {policy.role}",
                fix=f"Add DependsOn: {policy.logical_id}, here or on the model.",
            )


@rule(
    id="scaling-target-not-awaited",
    title="A scaling policy waits for its target",
    why="A policy is put onto a target that is registered. CloudFormation makes both at once "
    "where the policy only names the same resource, and then the policy is refused.",
    fix="Refer to the target by ScalingTargetId, or add DependsOn.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PUT_POLICY,
    about=(ScalingPolicyContext,),
    severity=Severity.WARNING,
    of_templates=True,
)
def scaling_target_not_awaited(subject: ScalingPolicyContext) -> Iterator[Violation]:
    if not subject.is_dependent and subject.target is not None:
        target = subject.target.logical_id
        yield Violation(
            path=("resource_id",),
            got=Words(f"a policy that does not wait for {target}"),
            must="be one that does because a target is registered before it has policies",
            fix=f"Take ScalingTargetId with a Ref of {target}, or add DependsOn.",
        )


@rule(
    id="endpoint-name-misspelt",
    title="What is placed on an endpoint, or scales it, spells its name alike",
    why="SageMaker takes two spellings for one name when an endpoint is made. Nothing refers "
    "to the endpoint then, so that nothing waits for it, and its metrics are under its own "
    "spelling.",
    fix="Refer to the endpoint's name, or spell it alike.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREATE_ENDPOINT,
    about=(ScalableTargetContext, InferenceComponentContext),
    severity=Severity.WARNING,
    of_templates=True,
)
def endpoint_name_misspelt(
    subject: ScalableTargetContext | InferenceComponentContext,
) -> Iterator[Violation]:
    if subject.similar_endpoint_name is None:
        return
    path, name = _named(subject)
    yield Violation(
        path=path,
        got=name,
        must=f"be {subject.similar_endpoint_name!r}, as the endpoint is called",
        fix="Refer to the endpoint's EndpointName by Fn::GetAtt, or spell it alike.",
    )


def _named(subject: ScalableTargetContext | InferenceComponentContext) -> tuple[Path, str | None]:
    """Where the endpoint is named, and how."""
    if isinstance(subject, ScalableTargetContext):
        return ("resource_id",), subject.target.resource_id
    return ("endpoint_name",), subject.component.endpoint_name


RULES: Final = (
    role_policy_not_awaited,
    scaling_target_not_awaited,
    endpoint_name_misspelt,
)

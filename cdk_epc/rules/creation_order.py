"""Rules on dependencies: resources that CloudFormation must create before others."""

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
    title="An endpoint should be created after the policies of its role",
    why="A reference to a role creates no dependency on its policies. CloudFormation creates the "
    "endpoint and the policies at the same time, and the endpoint fails because of a missing "
    "permission. On deletion, CloudFormation may delete the policies first.",
    fix="Add DependsOn with the policy to the model or the endpoint.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ASYNC_ROLE,
    about=(EndpointContext,),
    requires=("policies",),
    severity=Severity.WARNING,
    of_templates=True,
)
def role_policy_not_awaited(subject: EndpointContext) -> Iterator[Violation]:
    for policy in subject.policies:
        if not policy.is_dependency:
            yield Violation(
                path=("endpoint_config_name",),
                got=Words(f"no dependency on {policy.logical_id}"),
                sentence=f"the endpoint has no dependency on {policy.logical_id}, a policy of its "
                f"role {policy.role}",
                fix=f"Add DependsOn: {policy.logical_id} to the endpoint or the model.",
            )


@rule(
    id="scaling-target-not-awaited",
    title="A scaling policy should be created after its scalable target",
    why="If the policy only names the same resource, CloudFormation creates both at the same "
    "time, and the policy fails because its target is not registered.",
    fix="Set ScalingTargetId to a Ref of the target, or add DependsOn.",
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
            got=Words(f"no dependency on {target}"),
            sentence=f"the policy has no dependency on its scalable target {target}",
            fix=f'Set ScalingTargetId to {{"Ref": "{target}"}}, or add DependsOn: {target}.',
        )


@rule(
    id="endpoint-name-misspelt",
    title="A scalable target or component should spell the name of its endpoint exactly",
    why="SageMaker ignores case when it creates an endpoint. A name in another spelling creates no "
    "dependency on the endpoint, and CloudWatch keeps the metrics under the endpoint's spelling.",
    fix="Use Fn::GetAtt with EndpointName of the endpoint, or correct the spelling.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREATE_ENDPOINT,
    about=(ScalableTargetContext, InferenceComponentContext),
    requires=("similar_endpoint_name",),
    severity=Severity.WARNING,
    of_templates=True,
)
def endpoint_name_misspelt(
    subject: ScalableTargetContext | InferenceComponentContext,
) -> Iterator[Violation]:
    if subject.similar_endpoint_name is None:
        return
    path, name = _endpoint_name(subject)
    yield Violation(
        path=path,
        got=name,
        must=f"spell the endpoint name as {subject.similar_endpoint_name!r}",
        fix="Use Fn::GetAtt with EndpointName of the endpoint, or correct the spelling.",
        python_fix="Pass the Endpoint construct instead of its name, or correct the spelling.",
    )


def _endpoint_name(
    subject: ScalableTargetContext | InferenceComponentContext,
) -> tuple[Path, str | None]:
    """Return the path and the value of the member that names the endpoint."""
    if isinstance(subject, ScalableTargetContext):
        return ("resource_id",), subject.target.resource_id
    return ("endpoint_name",), subject.component.endpoint_name


RULES: Final = (
    role_policy_not_awaited,
    scaling_target_not_awaited,
    endpoint_name_misspelt,
)

"""Rules of what must be there first, and CloudFormation does not wait for unless it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Fault, Rule, Severity, Words
from cdk_epc.spec.in_place import EndpointInPlace

_ASYNC_ROLE: Final = "https://github.com/aws/amazon-sagemaker-examples/issues/4461"


def _policies(subject: EndpointInPlace) -> Iterator[Fault]:
    for policy in subject.policies:
        if not policy.is_awaited:
            yield Fault(
                path=("endpoint_config_name",),
                got=Words(f"an endpoint that does not wait for {policy.logical_id}"),
                allowed=f"one that does, for that is a policy of its role {policy.role}",
                fix=f"Add DependsOn: {policy.logical_id}, here or on the model.",
            )


RULES: Final = (
    Rule(
        id="role-policy-not-awaited",
        title="An endpoint waits for the policies of its role",
        why="A reference to a role waits for the role alone. CloudFormation makes its policies at "
        "the same time as the endpoint, which then fails for lack of a permission; and it may "
        "delete them before the endpoint is gone.",
        mend="Add DependsOn with the policy to the model or the endpoint.",
        evidence=Evidence.REAL_ERROR,
        source_url=_ASYNC_ROLE,
        about=(EndpointInPlace,),
        check=_policies,
        severity=Severity.WARNING,
        of_templates=True,
    ),
)

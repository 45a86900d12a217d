"""Rules of updates of an endpoint itself: its name, its deployment policy and its dependencies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import DeploymentConfig
from cdk_epc.spec.unresolved import is_string
from cdk_epc.spec.updates import EndpointUpdate, StaleName

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
_UPDATE: Final = f"{_API}API_UpdateEndpoint.html"
_DELETE: Final = f"{_API}API_DeleteEndpoint.html"
_CFN: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-sagemaker-endpoint.html"
)
_NETWORK: Final = (
    "https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1327"
)
_STALE: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/48993"
_IN_SERVICE: Final = "InService"


def _removed_early(resources: Sequence[str], kind: str) -> Iterator[Violation]:
    """Yield the violation for resources of the old fleet that the update removes.

    Args:
        resources: Their logical ids.
        kind: Word for the resources.
    """
    if resources:
        names = " and ".join(resources)
        pronoun = "it" if len(resources) == 1 else "them"
        yield Violation(
            path=("endpoint_config_name",),
            got=Words(names),
            sentence=f"the deployment that replaces the fleet also removes its {kind} {names}",
            fix=f"Keep {names} in this deployment, and remove {pronoun} in the next.",
        )


@rule(
    id="endpoint-update-in-progress",
    title="An endpoint must be in service before an update",
    why="SageMaker refuses to update an endpoint that is being created, updated or scaled. An "
    "endpoint that has failed can only be deleted.",
    fix="Wait until the status is InService.",
    evidence=Evidence.REAL_ERROR,
    source_url=_UPDATE,
    about=(EndpointUpdate,),
)
def endpoint_update_in_progress(subject: EndpointUpdate) -> Iterator[Violation]:
    if subject.status is not None and subject.status != _IN_SERVICE:
        yield Violation(
            path=("endpoint_name",),
            got=subject.status,
            sentence=f"the status of the running endpoint is {shown(subject.status)}, not "
            "InService",
            fix="Wait until the status is InService; delete an endpoint that has failed.",
        )


@rule(
    id="endpoint-renamed",
    title="An endpoint should keep its name",
    why="CloudFormation creates a second endpoint and then deletes the first one. Callers of the "
    "old name fail, and metrics, endpoint policies and data capture start again under the new "
    "name.",
    fix="Deploy a second endpoint, move the callers, and remove the first one.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CFN,
    about=(EndpointUpdate,),
    severity=Severity.WARNING,
)
def endpoint_renamed(subject: EndpointUpdate) -> Iterator[Violation]:
    if subject.is_replaced:
        before = subject.old.endpoint.endpoint_name
        after = subject.new.endpoint.endpoint_name
        old = shown(before) if is_string(before) else "its old name"
        new = shown(after) if is_string(after) else "another name"
        yield Violation(
            path=("endpoint_name",),
            got=after,
            sentence=f"the endpoint is replaced, because `endpoint_name` changes from {old} to "
            f"{new}, and callers of the old name fail",
            fix="Keep the name, or deploy the new endpoint beside the old one, move the callers, "
            "and remove the old one in a later deployment.",
        )


@rule(
    id="deployment-policy-removed",
    title="The deployment policy of an endpoint should not be removed",
    why="Without DeploymentConfig and RetainDeploymentConfig, this and later updates shift all "
    "traffic at once, without waits and without rollback alarms.",
    fix="Keep DeploymentConfig in the template.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(EndpointUpdate,),
    severity=Severity.WARNING,
)
def deployment_policy_removed(subject: EndpointUpdate) -> Iterator[Violation]:
    new = subject.new.endpoint
    if (
        isinstance(subject.old.endpoint.deployment_config, DeploymentConfig)
        and new.deployment_config is None
        and (new.retain_deployment_config is None or new.retain_deployment_config is False)
    ):
        yield Violation(
            path=("deployment_config",),
            sentence="`deployment_config` is removed, so that updates shift all traffic at once",
            fix="Keep `deployment_config`, or set `retain_deployment_config` to true.",
            python_fix="Keep the deployment argument of the endpoint.",
        )


@rule(
    id="execution-role-removed-early",
    title="The execution role of the old fleet should outlive the update",
    why="SageMaker needs the old role until the old fleet is gone. It also stops patching an "
    "endpoint whose role is gone.",
    fix="Change the role in one deployment, and remove the old one in the next.",
    evidence=Evidence.DOCUMENTED,
    source_url=_DELETE,
    about=(EndpointUpdate,),
    severity=Severity.WARNING,
)
def execution_role_removed_early(subject: EndpointUpdate) -> Iterator[Violation]:
    yield from _removed_early(subject.removed_roles, "execution role")


@rule(
    id="network-removed-early",
    title="Subnets and security groups of the old fleet should outlive the update",
    why="The network interfaces of the old instances exist for some time after the fleet, and "
    "CloudFormation cannot delete their subnets and security groups until then.",
    fix="Change the network in one deployment, and remove the old resources in the next.",
    evidence=Evidence.REAL_ERROR,
    source_url=_NETWORK,
    about=(EndpointUpdate,),
    severity=Severity.WARNING,
)
def network_removed_early(subject: EndpointUpdate) -> Iterator[Violation]:
    yield from _removed_early(subject.removed_network, "network resources")


@rule(
    id="literal-name-outdated",
    title="A literal name must change with the resource that it names",
    why="CloudFormation deletes the old resource at the end of the update, while the running "
    "endpoint still uses it. Later updates of the endpoint fail.",
    fix="Refer to the resource with Fn::GetAtt instead of a literal name.",
    evidence=Evidence.REAL_ERROR,
    source_url=_STALE,
    about=(StaleName,),
)
def literal_name_outdated(subject: StaleName) -> Iterator[Violation]:
    yield Violation(
        path=subject.path,
        got=subject.name,
        sentence=f"`{subject.path[-1]}` is still {shown(subject.name)}, but the update removes "
        f"or renames {subject.logical_id}, which had this name",
        fix="Refer to the new resource with Fn::GetAtt.",
    )


RULES: Final = (
    endpoint_update_in_progress,
    endpoint_renamed,
    deployment_policy_removed,
    execution_role_removed_early,
    network_removed_early,
    literal_name_outdated,
)

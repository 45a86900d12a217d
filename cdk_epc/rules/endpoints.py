"""Rules on an endpoint with its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules._model_features import is_marketplace
from cdk_epc.rules.deployments import SHARES, blue_green, rolling, sizes
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import CapacitySizeType, Path, ServerlessConfig
from cdk_epc.spec.context import ConfigContext, EndpointContext
from cdk_epc.spec.unresolved import is_integer, is_resolved

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html"
_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_EXCLUSIONS: Final = f"{_GUIDE}deployment-guardrails-exclusions.html"
_INF1: Final = "ml.inf1."
# SageMaker limits a step to 50 percent of the fleet.
_STEPS: Final = 2


@rule(
    id="endpoint-names-differ-in-case",
    title="The names of two endpoints should differ in more than capitals",
    why="SageMaker ignores case when it creates an endpoint and refuses the second name. IAM "
    "policies and CloudWatch metrics do distinguish the two spellings.",
    fix="Rename one of the endpoints.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    about=(EndpointContext,),
    requires=("other_endpoint_names",),
    severity=Severity.WARNING,
    facts=("DEP.EC_NAME_CASE",),
)
def endpoint_names_differ_in_case(subject: EndpointContext) -> Iterator[Violation]:
    name = subject.endpoint.endpoint_name
    if not isinstance(name, str) or not is_resolved(name):
        return
    for other in sorted(subject.other_endpoint_names):
        # Both endpoints know each other; only the one whose name sorts last reports it.
        if other < name and other.lower() == name.lower():
            yield Violation(
                path=("endpoint_name",),
                got=name,
                must=f"differ from {other!r}, the name of another endpoint, in more than capitals",
                fix="Rename one of the endpoints.",
            )


@rule(
    id="rolling-update-ignored",
    title="A rolling update should be used only for one variant on instances",
    why="SageMaker does not support rolling updates of serverless endpoints and of several "
    "variants. It moves all traffic at once and does not wait.",
    fix="Use a blue/green policy for several variants, and none for a serverless endpoint.",
    evidence=Evidence.DOCUMENTED,
    source_url=_EXCLUSIONS,
    about=(EndpointContext,),
    requires=("deployment_config",),
    severity=Severity.WARNING,
    facts=("DEP.ROLLING_EXCLUSIONS",),
)
def rolling_update_ignored(subject: EndpointContext) -> Iterator[Violation]:
    if rolling(subject.endpoint) is None or subject.config is None:
        return
    path = ("deployment_config", "rolling_update_policy")
    variants = subject.config.config.production()
    if any(isinstance(each.serverless_config, ServerlessConfig) for _, each in variants):
        fix = "Remove the policy."
        yield _ignored(path, "a rolling update", "a serverless endpoint", fix)
    elif len(variants) > 1:
        fix = "Use a blue/green policy."
        yield _ignored(path, "a rolling update", "an endpoint with several variants", fix)


@rule(
    id="deployment-policy-ignored",
    title="A deployment policy should be used only for endpoints that support it",
    why="SageMaker does not support deployment policies on Inf1 instances and for models from AWS "
    "Marketplace. It moves all traffic at once and does not wait.",
    fix="Use another instance type, or remove the policy.",
    evidence=Evidence.DOCUMENTED,
    source_url=_EXCLUSIONS,
    about=(EndpointContext,),
    requires=("deployment_config",),
    severity=Severity.WARNING,
    facts=("DEP.GUARDRAIL_EXCLUSIONS",),
)
def deployment_policy_ignored(subject: EndpointContext) -> Iterator[Violation]:
    policy = blue_green(subject.endpoint) or rolling(subject.endpoint)
    if policy is None or subject.config is None:
        return
    path, fix = ("deployment_config",), "Remove the policy."
    if any(name.startswith(_INF1) for _, name in subject.config.config.instance_types()):
        fix = "Use another instance type, or remove the policy."
        yield _ignored(path, "a deployment policy", "an endpoint on Inf1 instances", fix)
    elif _has_marketplace(subject.config):
        endpoint = "an endpoint with a model from AWS Marketplace"
        yield _ignored(path, "a deployment policy", endpoint, fix)


def _has_marketplace(config: ConfigContext) -> bool:
    return any(
        is_marketplace(container)
        for found in config.models.values()
        for _, container in found.model.every_container()
    )


def _ignored(path: Path, policy: str, endpoint: str, fix: str) -> Violation:
    return Violation(
        path=path,
        got=Words(policy),
        sentence=f"{policy} has no effect on {endpoint}; SageMaker moves all traffic at once and "
        "does not wait",
        fix=fix,
    )


@rule(
    id="deployment-step-too-large",
    title="A step of a deployment should not exceed half of the instances",
    why="SageMaker refuses a step of more than 50 percent of the fleet. The rule compares with the "
    "initial instance count, because the count at the time of the deployment is not known.",
    fix="Lower the number, or give the size in percent.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}deployment-guardrails-blue-green-canary.html",
    about=(EndpointContext,),
    requires=("deployment_config",),
    severity=Severity.WARNING,
    facts=("DEP.CANARY_50", "DEP.LINEAR_10_50", "DEP.ROLLING_5_50"),
)
def deployment_step_too_large(subject: EndpointContext) -> Iterator[Violation]:
    counts = list(_fixed_counts(subject))
    if not counts:
        return
    for path, name, size in sizes(subject.endpoint):
        value, count = size.value, min(counts)
        if (
            name != "rollback_maximum_batch_size"
            and size.type == CapacitySizeType.INSTANCE_COUNT
            and is_integer(value)
            and value * _STEPS > count
        ):
            fleet = "1 instance" if count == 1 else f"{count} instances"
            yield Violation(
                path=(*path, "value"),
                got=value,
                must=f"not exceed half of the fleet, which starts with {fleet}",
                fix="Lower it, or start the variant with more instances.",
            )


@rule(
    id="deployment-step-too-small",
    title="A step of a deployment in instances should not be less than the minimum in percent",
    why="SageMaker refuses a linear step of less than 10 percent of the fleet, and a rolling batch "
    "of less than 5. The rule compares with the initial instance count.",
    fix="Raise the number, or give the size in percent.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}deployment-guardrails-blue-green-linear.html",
    about=(EndpointContext,),
    requires=("deployment_config",),
    severity=Severity.WARNING,
)
def deployment_step_too_small(subject: EndpointContext) -> Iterator[Violation]:
    count = max(_fixed_counts(subject), default=0)
    for path, name, size in sizes(subject.endpoint):
        value, share = size.value, SHARES[name][0]
        if (
            size.type == CapacitySizeType.INSTANCE_COUNT
            and is_integer(value)
            and 0 < value * 100 < count * share
        ):
            yield Violation(
                path=(*path, "value"),
                got=value,
                must=f"be at least {share} percent of the fleet, which starts with {count} "
                "instances",
                fix=f"Raise it to {-(-count * share // 100)} or more.",
            )


def _fixed_counts(subject: EndpointContext) -> Iterator[int]:
    """Yield the initial count of each variant that neither scales nor retains its count."""
    retain = subject.endpoint.retain_all_variant_properties
    if subject.config is None or not (retain is None or retain is False):
        return
    for path, variant in subject.config.config.production():
        count = variant.initial_instance_count
        if is_integer(count) and count > 0 and path not in subject.config.scalable_targets:
            yield count


RULES: Final = (
    endpoint_names_differ_in_case,
    rolling_update_ignored,
    deployment_policy_ignored,
    deployment_step_too_large,
    deployment_step_too_small,
)

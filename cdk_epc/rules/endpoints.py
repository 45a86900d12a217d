"""Rules of an endpoint and the configuration that stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules._model_features import is_marketplace
from cdk_epc.rules.deployments import blue_green, rolling, sizes
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import CapacitySizeType, Path, ServerlessConfig
from cdk_epc.spec.context import ConfigContext, EndpointContext
from cdk_epc.spec.unresolved import is_integer, is_resolved

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html"
_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_EXCLUSIONS: Final = f"{_GUIDE}deployment-guardrails-exclusions.html"
_INF1: Final = "ml.inf1."
# The greatest part of a fleet that one step may be: half of it.
_PARTS: Final = 2


@rule(
    id="endpoint-names-differ-in-case",
    title="Two endpoints differ in more than the capitals of their names",
    why="Names are compared without case when an endpoint is made, so that the second one is "
    "refused; policies and metrics tell the two spellings apart.",
    fix="Rename one of the two.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    about=(EndpointContext,),
    severity=Severity.WARNING,
    facts=("DEP.EC_NAME_CASE",),
)
def endpoint_names_differ_in_case(subject: EndpointContext) -> Iterator[Violation]:
    name = subject.endpoint.endpoint_name
    if not isinstance(name, str) or not is_resolved(name):
        return
    for other in sorted(subject.other_endpoint_names):
        # Each sees the other, and one of the two is told.
        if other < name and other.lower() == name.lower():
            yield Violation(
                path=("endpoint_name",),
                got=name,
                must=f"be a name that differs from {other!r} in more than its capitals",
                fix="Rename one of the two.",
            )


@rule(
    id="rolling-update-ignored",
    title="A rolling update is of one variant on instances",
    why="Where rolling updates are not supported, SageMaker moves all traffic at once and "
    "does not wait.",
    fix="Take a blue/green policy for several variants, and none for a serverless one.",
    evidence=Evidence.DOCUMENTED,
    source_url=_EXCLUSIONS,
    about=(EndpointContext,),
    severity=Severity.WARNING,
    facts=("DEP.ROLLING_EXCLUSIONS",),
)
def rolling_update_ignored(subject: EndpointContext) -> Iterator[Violation]:
    if rolling(subject.endpoint) is None or subject.config is None:
        return
    variants = subject.config.config.production()
    if any(isinstance(each.serverless_config, ServerlessConfig) for _, each in variants):
        reason = "no rolling update of a serverless endpoint"
    elif len(variants) > 1:
        reason = "no rolling update of several variants"
    else:
        return
    yield _ignored(("deployment_config", "rolling_update_policy"), "a rolling update", reason)


@rule(
    id="deployment-policy-ignored",
    title="A deployment policy is for what SageMaker can deploy by one",
    why="On Inf1 instances and for Marketplace containers SageMaker moves all traffic at once "
    "and does not wait.",
    fix="Take another instance type, or take the policy out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_EXCLUSIONS,
    about=(EndpointContext,),
    severity=Severity.WARNING,
    facts=("DEP.GUARDRAIL_EXCLUSIONS",),
)
def deployment_policy_ignored(subject: EndpointContext) -> Iterator[Violation]:
    policy = blue_green(subject.endpoint) or rolling(subject.endpoint)
    if policy is None or subject.config is None:
        return
    if any(name.startswith(_INF1) for _, name in subject.config.config.instance_types()):
        reason = "no deployment policy for Inf1 instances"
    elif _has_marketplace(subject.config):
        reason = "no deployment policy for a model from AWS Marketplace"
    else:
        return
    yield _ignored(("deployment_config",), "a deployment policy", reason)


def _has_marketplace(config: ConfigContext) -> bool:
    return any(
        is_marketplace(container)
        for placed in config.models.values()
        for _, container in placed.model.every_container()
    )


def _ignored(path: Path, got: str, reason: str) -> Violation:
    return Violation(
        path=path,
        got=Words(got),
        must=f"be {reason}",
        fix="Take the policy out; SageMaker moves all traffic at once and does not wait.",
    )


@rule(
    id="deployment-step-too-large",
    title="A step of a deployment is at most half of the instances",
    why="SageMaker wants no step above 50 percent of the fleet. Whether the fleet has more "
    "instances by then than it starts with cannot be seen.",
    fix="Lower the number, or give the share in percent.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}deployment-guardrails-blue-green-canary.html",
    about=(EndpointContext,),
    severity=Severity.WARNING,
    facts=("DEP.CANARY_50", "DEP.LINEAR_10_50", "DEP.ROLLING_5_50"),
)
def deployment_step_too_large(subject: EndpointContext) -> Iterator[Violation]:
    counts = list(_counts(subject))
    if not counts:
        return
    for path, name, size in sizes(subject.endpoint):
        value, least = size.value, min(counts)
        if (
            name != "rollback_maximum_batch_size"
            and size.type == CapacitySizeType.INSTANCE_COUNT
            and is_integer(value)
            and value * _PARTS > least
        ):
            yield Violation(
                path=(*path, "value"),
                got=value,
                must=f"be at most {least // _PARTS}, half of the {least} a variant starts with",
                fix="Lower it, or start the variant with more instances.",
            )


def _counts(subject: EndpointContext) -> Iterator[int]:
    """The instances of each variant whose number nothing but the configuration decides."""
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
)

"""Rules of what an update of an endpoint waits for, and of what it takes from the last one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    DeploymentConfig,
    EndpointSpec,
    ManagedInstanceScalingStatus,
    Path,
    ProductionVariant,
    VariantProperty,
    VariantPropertyType,
)
from cdk_epc.spec.context import ConfigContext, EndpointContext, InferenceComponentContext
from cdk_epc.spec.unresolved import (
    is_given,
    is_unresolved,
    is_whole,
    items_of,
)

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
_UPDATE: Final = f"{_API}API_UpdateEndpoint.html"
_GUIDE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html"
)
_DEPLOYMENT: Final[Path] = ("deployment_config",)
_COUNT: Final = VariantPropertyType.DESIRED_INSTANCE_COUNT


@rule(
    id="rollback-alarms-without-wait",
    title="A deployment with rollback alarms waits for them",
    why="SageMaker looks at the alarms while it waits with the new fleet in use. Without any "
    "wait the old fleet is gone before an alarm has seen a minute of the new one.",
    fix="Give a wait between the steps, or before the old fleet is terminated.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=(EndpointSpec,),
    severity=Severity.WARNING,
)
def rollback_alarms_without_wait(spec: EndpointSpec) -> Iterator[Violation]:
    config = spec.deployment_config
    if not isinstance(config, DeploymentConfig):
        return
    alarms = getattr(config.auto_rollback_configuration, "alarms", None)
    if not items_of(alarms) or _may_wait(config):
        return
    yield Violation(
        path=_DEPLOYMENT,
        got=Words("alarms, and no wait in which they could go off"),
        must="be a deployment that waits",
        fix="Let it wait after each step, or before the old fleet goes, as long as an alarm takes.",
    )


def _may_wait(config: DeploymentConfig) -> bool:
    """Whether it waits somewhere, or may: whatever is no wait of 0 seconds."""
    rolling, policy = config.rolling_update_policy, config.blue_green_update_policy
    routing = getattr(policy, "traffic_routing_configuration", None)
    waits = (
        getattr(rolling, "wait_interval_in_seconds", None),
        getattr(routing, "wait_interval_in_seconds", None),
        getattr(policy, "termination_wait_in_seconds", None),
    )
    is_known = not any(map(is_unresolved, (rolling, policy, routing)))
    return not is_known or any(wait is not None and wait != 0 for wait in waits)


@rule(
    id="retained-count-beside-scaled",
    title="On an endpoint that keeps its counts, every variant scales or is left as it is",
    why="RetainAllVariantProperties is of the whole endpoint. For the sake of one variant that "
    "scales, a new InitialInstanceCount of the others has no effect, either.",
    fix="Scale the other variants, too, from a number to the same number; that number can be "
    "changed.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(EndpointContext,),
    severity=Severity.WARNING,
)
def retained_count_beside_scaled(subject: EndpointContext) -> Iterator[Violation]:
    endpoint, config = subject.endpoint, subject.config
    if (
        config is None
        or not config.scaled
        or subject.may_be_scaled
        or endpoint.retain_all_variant_properties is not True
        or _may_exclude_counts(endpoint)
    ):
        return
    if names := list(_fixed(config)):
        yield Violation(
            path=("retain_all_variant_properties",),
            got=True,
            must=f"be a scaled variant each, and nothing in sight scales {' and '.join(names)}",
            fix="Scale it as well, from a number to the same number, which can then be changed; or "
            "leave its number as it is.",
        )


def _may_exclude_counts(endpoint: EndpointSpec) -> bool:
    given = endpoint.exclude_retained_variant_properties
    types = [
        each.variant_property_type if isinstance(each, VariantProperty) else None
        for each in items_of(given)
    ]
    return is_unresolved(given) or any(type_ == _COUNT or not is_given(type_) for type_ in types)


def _fixed(config: ConfigContext) -> Iterator[str]:
    """The variants on a number of instances that nothing but the configuration decides."""
    for path, variant in config.config.production():
        if (
            path not in config.scaled
            and is_whole(variant.initial_instance_count)
            and not _is_managed(variant)
        ):
            name = variant.variant_name
            yield repr(str(name)) if is_given(name) else "a variant"


def _is_managed(variant: ProductionVariant) -> bool:
    scaling = variant.managed_instance_scaling
    off = ManagedInstanceScalingStatus.DISABLED
    return scaling is not None and getattr(scaling, "status", None) != off


@rule(
    id="retained-deployment-unclear",
    title="An endpoint says how it is deployed, or that this is as it was the last time",
    why="RetainDeploymentConfig takes over the configuration of the deployment before, so that "
    "nobody can say which of the two counts.",
    fix="Take RetainDeploymentConfig out: CloudFormation sends DeploymentConfig with each update.",
    evidence=Evidence.INFERRED,
    source_url=_UPDATE,
    about=(EndpointSpec,),
    severity=Severity.WARNING,
)
def retained_deployment_unclear(spec: EndpointSpec) -> Iterator[Violation]:
    if spec.retain_deployment_config is True and isinstance(
        spec.deployment_config, DeploymentConfig
    ):
        yield Violation(
            path=("retain_deployment_config",),
            got=True,
            not_allowed="here beside a deployment of its own",
            fix="Take one of the two out: this one, if the deployment is to be as it says here.",
        )


@rule(
    id="endpoint-config-imported",
    title="An endpoint and its configuration stand in the same stack",
    why="Every change of a configuration replaces it, and gives it another name. "
    "CloudFormation refuses to change an export while another stack imports it, so the first "
    "change is the last.",
    fix="Make the configuration in the stack of the endpoint.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "using-cfn-stack-exports.html",
    about=(EndpointContext,),
    severity=Severity.WARNING,
    of_templates=True,
)
def endpoint_config_imported(subject: EndpointContext) -> Iterator[Violation]:
    if subject.is_config_imported:
        yield Violation(
            path=("endpoint_config_name",),
            got=Words("an export of another stack"),
            must="be a configuration of the endpoint's own stack",
            fix="Make the configuration, and its models, in the stack of the endpoint.",
        )


@rule(
    id="model-imported",
    title="A model stands in the stack of what runs it",
    why="Every change of a model replaces it, and gives it another name. CloudFormation "
    "refuses to change an export while another stack imports it, so the first change is the "
    "last.",
    fix="Make the model in the stack of the configuration or the component.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "using-cfn-stack-exports.html",
    about=(ConfigContext, InferenceComponentContext),
    severity=Severity.WARNING,
    of_templates=True,
)
def model_imported(subject: ConfigContext | InferenceComponentContext) -> Iterator[Violation]:
    for path in sorted(subject.imported_models, key=str):
        yield Violation(
            path=path,
            got=Words("an export of another stack"),
            must="be a model of the same stack",
            fix="Make the model in the same stack, which may well take its artifacts from another.",
        )


RULES: Final = (
    rollback_alarms_without_wait,
    retained_count_beside_scaled,
    retained_deployment_unclear,
    endpoint_config_imported,
    model_imported,
)

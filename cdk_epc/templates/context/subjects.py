"""What the rules are about, made from a resource and what stands around it in a scenario."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from cdk_epc.spec import (
    EndpointConfigSpec,
    EndpointSpec,
    InferenceComponentSpec,
    ModelSpec,
    Path,
    Spec,
)
from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.context import (
    ConfigContext,
    EndpointContext,
    ModelContext,
    ReferencedModel,
    RolePolicies,
    Subject,
)
from cdk_epc.spec.fields import aws_steps
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.templates.app import (
    COMPONENT,
    CONFIG,
    ENDPOINT,
    MODEL,
    NAME_PROPERTIES,
    Resource,
)
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.context.alarms import (
    ALARM,
    alarm_context,
    may_watch_sagemaker,
    rollback_alarms,
)
from cdk_epc.templates.context.components import component_context
from cdk_epc.templates.context.iam import endpoint_role_policies, role_policies, known_role
from cdk_epc.templates.context.models import model_context, model_names
from cdk_epc.templates.context.scaled_resources import (
    POLICY,
    TARGET,
    is_of_sagemaker,
    may_be_scaled,
)
from cdk_epc.templates.context.scaling import (
    ConfigOf,
    policy_context,
    scaled_variants,
    target_context,
)
from cdk_epc.templates.quotas import UsageCounter
from cdk_epc.templates.references import (
    ResourceRef,
    is_import,
    referenced_model,
    named_resource,
    cached,
    spec_of,
)
from cdk_epc.templates.scenarios import Evaluation

RESOURCE_SPECS: Final[Mapping[str, type[Spec]]] = {
    CONFIG: EndpointConfigSpec,
    MODEL: ModelSpec,
    ENDPOINT: EndpointSpec,
    COMPONENT: InferenceComponentSpec,
}
"""The types of resources that there are rules about."""

RELATED_SPECS: Final[Mapping[str, type[Spec]]] = {
    ALARM: AlarmSpec,
    TARGET: ScalableTargetSpec,
    POLICY: ScalingPolicySpec,
}
"""Types of other services, of which some properties matter here and the others do not."""

ALL_SPECS: Final[Mapping[str, type[Spec]]] = {**RESOURCE_SPECS, **RELATED_SPECS}
"""All types that are read."""


def is_checked(resource: Resource) -> bool:
    """Whether there are rules about a resource."""
    template, logical_id = resource
    type_ = template.resources[logical_id]["Type"]
    if type_ not in RELATED_SPECS:
        return type_ in RESOURCE_SPECS
    return (may_watch_sagemaker if type_ == ALARM else is_of_sagemaker)(template, logical_id)


def subjects_of(
    evaluation: Evaluation,
    logical_id: str,
    spec: Spec,
    usage: UsageCounter,
    asked: Collection[type],
) -> Iterator[Subject]:
    """Everything about a resource that a rule can ask for.

    Args:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        spec: What is known of it alone.
        totals: What the configurations before it take.
        asked: What some rule is about; what costs much and is seldom asked for is left out.
    """
    if isinstance(spec, EndpointConfigSpec):
        yield spec
        if (context := config_context(evaluation, logical_id, usage)) is not None:
            yield context
    elif isinstance(spec, EndpointSpec):
        yield spec
        yield _endpoint_context(evaluation, logical_id, spec, usage)
    elif isinstance(spec, AlarmSpec):
        yield alarm_context(evaluation, logical_id, spec, lambda found: _watched(found, usage))
    elif isinstance(spec, ModelSpec):
        yield spec
        if ModelContext in asked:
            yield model_context(evaluation, logical_id, spec)
    elif isinstance(spec, InferenceComponentSpec):
        yield spec
        yield component_context(evaluation, logical_id, spec, _configs(usage))
    elif isinstance(spec, ScalableTargetSpec):
        yield target_context(evaluation, logical_id, spec, _configs(usage))
    elif isinstance(spec, ScalingPolicySpec):
        yield policy_context(evaluation, logical_id, spec, _configs(usage))


def config_context(
    evaluation: Evaluation, logical_id: str, usage: UsageCounter
) -> ConfigContext | None:
    """A configuration with its models, roles and scalable targets."""
    key = (_config_context, evaluation.template.index, logical_id)
    return cached(evaluation, key, lambda: _config_context(evaluation, logical_id, usage))


def _config_context(
    evaluation: Evaluation, logical_id: str, usage: UsageCounter
) -> ConfigContext | None:
    read = spec_of(evaluation, logical_id, EndpointConfigSpec)
    if read is None:
        return None
    config = read[0]
    found = _models(evaluation, logical_id, config)
    models = {
        path: (each, context)
        for path, each in found.items()
        if (context := referenced_model(evaluation, logical_id, each)) is not None
    }
    before = usage.before(evaluation.template, logical_id)
    region = evaluation.scenario.app.root_of(evaluation.template).input.region
    return ConfigContext(
        config=config,
        region=region,
        models={path: context for path, (_, context) in models.items()},
        imported_models=frozenset(path for path, name, _ in model_names(config) if is_import(name)),
        roles=_roles(evaluation, config, models),
        execution_role=known_role(evaluation, config.execution_role_arn),
        scaled=scaled_variants(evaluation, logical_id, config),
        serverless_before=before.variants,
        concurrency_before=before.concurrency,
    )


def _models(
    evaluation: Evaluation, config_id: str, config: EndpointConfigSpec
) -> dict[Path, ResourceRef]:
    found: dict[Path, ResourceRef] = {}
    for path, value, _ in model_names(config):
        steps = aws_steps(path, EndpointConfigSpec)
        if (each := named_resource(evaluation, MODEL, value, (config_id, steps))) is not None:
            found[path] = each
    return found


def _roles(
    evaluation: Evaluation,
    config: EndpointConfigSpec,
    models: Mapping[Path, tuple[ResourceRef, ReferencedModel]],
) -> dict[Path, RolePolicies]:
    roles: dict[Path, RolePolicies] = {}
    for path, variant in config.variants():
        role = None
        if variant.model_name is None:
            role = role_policies(evaluation, config.execution_role_arn)
        elif (*path, "model_name") in models:
            found, context = models[*path, "model_name"]
            role = role_policies(found.evaluation, context.model.execution_role_arn)
        if role is not None:
            roles[path] = role
    return roles


def _endpoint_context(
    evaluation: Evaluation, logical_id: str, endpoint: EndpointSpec, usage: UsageCounter
) -> EndpointContext:
    config = _config_of(evaluation, logical_id, endpoint, usage)
    return EndpointContext(
        endpoint=endpoint,
        config=config,
        other_names=frozenset(_names_alike(evaluation, logical_id, endpoint.endpoint_name)),
        alarms=rollback_alarms(evaluation, logical_id, endpoint.deployment_config),
        policies=endpoint_role_policies(evaluation, logical_id, config),
        is_config_imported=is_import(endpoint.endpoint_config_name),
        # Only who keeps the counts is told that nothing scales them.
        may_be_scaled=endpoint.retain_all_variant_properties is True
        and config is not None
        and may_be_scaled(evaluation, config.config),
    )


def _watched(found: ResourceRef, usage: UsageCounter) -> EndpointContext | None:
    """An endpoint that something else is about, with its configuration."""
    read = spec_of(found.evaluation, found.logical_id, EndpointSpec)
    if read is None:
        return None
    config = _config_of(found.evaluation, found.logical_id, read[0], usage)
    return EndpointContext(endpoint=read[0], config=config)


def _configs(usage: UsageCounter) -> ConfigOf:
    return lambda found, endpoint: _config_of(found.evaluation, found.logical_id, endpoint, usage)


def _config_of(
    evaluation: Evaluation, logical_id: str, endpoint: EndpointSpec, usage: UsageCounter
) -> ConfigContext | None:
    at = (logical_id, (NAME_PROPERTIES[CONFIG],))
    found = named_resource(evaluation, CONFIG, endpoint.endpoint_config_name, at)
    return config_context(found.evaluation, found.logical_id, usage) if found else None


def _names_alike(evaluation: Evaluation, logical_id: str, name: object) -> Iterator[str]:
    """The names of other endpoints that differ from this one in capitals at most.

    All of them for each endpoint would be their number squared.
    """
    app, template = evaluation.scenario.app, evaluation.template
    if isinstance(name, str):
        for other, id_ in app.endpoints_named_like(name):
            if (other is not template or id_ != logical_id) and (
                app.environment_of(other) == app.environment_of(template)
                and is_deployed(evaluation.within(other), id_)
            ):
                yield other.raw(id_, "EndpointName")

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
    NAMES,
    Located,
)
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.context.alarms import (
    ALARM,
    alarm_context,
    is_on_sagemaker,
    rollback_alarms,
)
from cdk_epc.templates.context.components import component_as_placed
from cdk_epc.templates.context.iam import policies_of, role_context, role_in_sight
from cdk_epc.templates.context.models import model_in_use, model_names
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
    scaling_context,
)
from cdk_epc.templates.quotas import Totals
from cdk_epc.templates.references import (
    ResourceRef,
    is_import,
    model_context,
    neighbour,
    remembered,
    spec_of,
)
from cdk_epc.templates.scenarios import Scope

SPECS: Final[Mapping[str, type[Spec]]] = {
    CONFIG: EndpointConfigSpec,
    MODEL: ModelSpec,
    ENDPOINT: EndpointSpec,
    COMPONENT: InferenceComponentSpec,
}
"""The types of resources that there are rules about."""

PARTS: Final[Mapping[str, type[Spec]]] = {
    ALARM: AlarmSpec,
    TARGET: ScalableTargetSpec,
    POLICY: ScalingPolicySpec,
}
"""Types of other services, of which some properties matter here and the others do not."""

READ: Final[Mapping[str, type[Spec]]] = {**SPECS, **PARTS}
"""All types that are read."""


def is_judged(resource: Located) -> bool:
    """Whether there are rules about a resource."""
    source, logical_id = resource
    type_ = source.resources[logical_id]["Type"]
    if type_ not in PARTS:
        return type_ in SPECS
    return (is_on_sagemaker if type_ == ALARM else is_of_sagemaker)(source, logical_id)


def subjects_of(
    scope: Scope, logical_id: str, spec: Spec, totals: Totals, asked: Collection[type]
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
        if (context := config_context(scope, logical_id, totals)) is not None:
            yield context
    elif isinstance(spec, EndpointSpec):
        yield spec
        yield _endpoint_context(scope, logical_id, spec, totals)
    elif isinstance(spec, AlarmSpec):
        yield alarm_context(scope, logical_id, spec, lambda found: _watched(found, totals))
    elif isinstance(spec, ModelSpec):
        yield spec
        if ModelContext in asked:
            yield model_in_use(scope, logical_id, spec)
    elif isinstance(spec, InferenceComponentSpec):
        yield spec
        yield component_as_placed(scope, logical_id, spec, _configs(totals))
    elif isinstance(spec, ScalableTargetSpec):
        yield scaling_context(scope, logical_id, spec, _configs(totals))
    elif isinstance(spec, ScalingPolicySpec):
        yield policy_context(scope, logical_id, spec, _configs(totals))


def config_context(scope: Scope, logical_id: str, totals: Totals) -> ConfigContext | None:
    """A configuration with its models, roles and scalable targets."""
    key = (_config_context, scope.source.index, logical_id)
    return remembered(scope, key, lambda: _config_context(scope, logical_id, totals))


def _config_context(scope: Scope, logical_id: str, totals: Totals) -> ConfigContext | None:
    read = spec_of(scope, logical_id, EndpointConfigSpec)
    if read is None:
        return None
    config = read[0]
    found = _models(scope, logical_id, config)
    models = {
        path: (each, context)
        for path, each in found.items()
        if (context := model_context(scope, logical_id, each)) is not None
    }
    before = totals.before(scope.source, logical_id)
    region = scope.run.app.outermost(scope.source).placed.region
    return ConfigContext(
        config=config,
        region=region,
        models={path: context for path, (_, context) in models.items()},
        imported_models=frozenset(path for path, name, _ in model_names(config) if is_import(name)),
        roles=_roles(scope, config, models),
        execution_role=role_in_sight(scope, config.execution_role_arn),
        scalable_targets=scaled_variants(scope, logical_id, config),
        earlier_serverless_variants=before.variants,
        earlier_concurrency=before.concurrency,
    )


def _models(scope: Scope, config_id: str, config: EndpointConfigSpec) -> dict[Path, ResourceRef]:
    found: dict[Path, ResourceRef] = {}
    for path, value, _ in model_names(config):
        steps = aws_steps(path, EndpointConfigSpec)
        if (each := neighbour(scope, MODEL, value, (config_id, steps))) is not None:
            found[path] = each
    return found


def _roles(
    scope: Scope,
    config: EndpointConfigSpec,
    models: Mapping[Path, tuple[ResourceRef, ReferencedModel]],
) -> dict[Path, RolePolicies]:
    roles: dict[Path, RolePolicies] = {}
    for path, variant in config.variants():
        role = None
        if variant.model_name is None:
            role = role_context(scope, config.execution_role_arn)
        elif (*path, "model_name") in models:
            found, context = models[*path, "model_name"]
            role = role_context(found.scope, context.model.execution_role_arn)
        if role is not None:
            roles[path] = role
    return roles


def _endpoint_context(
    scope: Scope, logical_id: str, endpoint: EndpointSpec, totals: Totals
) -> EndpointContext:
    config = _config_of(scope, logical_id, endpoint, totals)
    return EndpointContext(
        endpoint=endpoint,
        config=config,
        other_endpoint_names=frozenset(_names_alike(scope, logical_id, endpoint.endpoint_name)),
        alarms=rollback_alarms(scope, logical_id, endpoint.deployment_config),
        policies=policies_of(scope, logical_id, config),
        is_config_imported=is_import(endpoint.endpoint_config_name),
        # Only who keeps the counts is told that nothing scales them.
        may_be_scaled=endpoint.retain_all_variant_properties is True
        and config is not None
        and may_be_scaled(scope, config.config),
    )


def _watched(found: ResourceRef, totals: Totals) -> EndpointContext | None:
    """An endpoint that something else is about, with its configuration."""
    read = spec_of(found.scope, found.logical_id, EndpointSpec)
    if read is None:
        return None
    config = _config_of(found.scope, found.logical_id, read[0], totals)
    return EndpointContext(endpoint=read[0], config=config)


def _configs(totals: Totals) -> ConfigOf:
    return lambda found, endpoint: _config_of(found.scope, found.logical_id, endpoint, totals)


def _config_of(
    scope: Scope, logical_id: str, endpoint: EndpointSpec, totals: Totals
) -> ConfigContext | None:
    at = (logical_id, (NAMES[CONFIG],))
    found = neighbour(scope, CONFIG, endpoint.endpoint_config_name, at)
    return config_context(found.scope, found.logical_id, totals) if found else None


def _names_alike(scope: Scope, logical_id: str, name: object) -> Iterator[str]:
    """The names of other endpoints that differ from this one in capitals at most.

    All of them for each endpoint would be their number squared.
    """
    app, source = scope.run.app, scope.source
    if isinstance(name, str):
        for other, id_ in app.endpoints_alike(name):
            if (other is not source or id_ != logical_id) and (
                app.place(other) == app.place(source) and exists(scope.within(other), id_)
            ):
                yield other.raw(id_, "EndpointName")

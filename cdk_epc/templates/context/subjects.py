"""Subjects of the rules: the spec of a resource, and its context in a scenario."""

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
    Subject,
)
from cdk_epc.spec.fields import aws_steps
from cdk_epc.spec.role import Role
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
    concerns_sagemaker,
    may_concern_sagemaker,
    rollback_alarms,
)
from cdk_epc.templates.context.components import component_context
from cdk_epc.templates.context.iam import (
    endpoint_role_policies,
    execution_role,
    read_role,
    referenced_role,
)
from cdk_epc.templates.context.models import (
    is_role_of_model,
    model_context,
    model_names,
    referenced_model,
)
from cdk_epc.templates.context.scaled_resources import (
    POLICY,
    TARGET,
    is_of_sagemaker,
    may_be_scaled,
    targets_on_variants,
)
from cdk_epc.templates.context.scaling import (
    ConfigOf,
    policy_context,
    target_context,
    variant_targets,
)
from cdk_epc.templates.quotas import UsageCounter
from cdk_epc.templates.references import (
    ResourceRef,
    cached,
    is_import,
    is_weak_import,
    named_resource,
    spec_of,
)
from cdk_epc.templates.scenarios import Evaluation

SAGEMAKER_SPECS: Final[Mapping[str, type[Spec]]] = {
    CONFIG: EndpointConfigSpec,
    MODEL: ModelSpec,
    ENDPOINT: EndpointSpec,
    COMPONENT: InferenceComponentSpec,
}
"""Checked resource types of SageMaker."""

RELATED_SPECS: Final[Mapping[str, type[Spec]]] = {
    ALARM: AlarmSpec,
    TARGET: ScalableTargetSpec,
    POLICY: ScalingPolicySpec,
}
"""Checked resource types of other services, whose specs have only some of the properties."""

ALL_SPECS: Final[Mapping[str, type[Spec]]] = {**SAGEMAKER_SPECS, **RELATED_SPECS}
"""All checked resource types."""

_CONFIG_NAME: Final[Path] = ("endpoint_config_name",)


def is_checked(resource: Resource) -> bool:
    """Return whether the rules apply to a resource."""
    template, logical_id = resource
    type_ = template.resources[logical_id]["Type"]
    if type_ not in RELATED_SPECS:
        return type_ in SAGEMAKER_SPECS
    return (may_concern_sagemaker if type_ == ALARM else is_of_sagemaker)(template, logical_id)


def subjects_of(
    evaluation: Evaluation,
    logical_id: str,
    spec: Spec,
    usage: UsageCounter,
    subject_types: Collection[type],
) -> Iterator[Subject]:
    """Yield every subject of a resource: its spec and its context.

    Args:
        evaluation: Evaluation of its template.
        logical_id: Logical id.
        spec: Spec of the resource.
        usage: Serverless usage of the configurations before it.
        subject_types: Types of subjects that have rules. A context that takes much time and is
            rarely needed is only created for its rules.
    """
    if isinstance(spec, EndpointConfigSpec):
        yield spec
        if (context := config_context(evaluation, logical_id, usage)) is not None:
            yield context
    elif isinstance(spec, EndpointSpec):
        yield spec
        yield _endpoint_context(evaluation, logical_id, spec, usage)
    elif isinstance(spec, AlarmSpec):
        yield from _alarm_subjects(evaluation, logical_id, spec, usage)
    elif isinstance(spec, ModelSpec):
        yield spec
        if ModelContext in subject_types:
            yield model_context(evaluation, logical_id, spec)
    elif isinstance(spec, InferenceComponentSpec):
        yield spec
        yield component_context(evaluation, logical_id, spec, _config_function(usage))
    elif isinstance(spec, ScalableTargetSpec):
        yield spec
        yield target_context(evaluation, logical_id, spec, _config_function(usage))
    elif isinstance(spec, ScalingPolicySpec):
        yield spec
        yield policy_context(evaluation, logical_id, spec, _config_function(usage))


def _alarm_subjects(
    evaluation: Evaluation, logical_id: str, alarm: AlarmSpec, usage: UsageCounter
) -> Iterator[Subject]:
    if concerns_sagemaker(evaluation, logical_id, alarm):
        yield alarm
    yield alarm_context(
        evaluation, logical_id, alarm, lambda found: _monitored_endpoint(found, usage)
    )


def config_context(
    evaluation: Evaluation, logical_id: str, usage: UsageCounter
) -> ConfigContext | None:
    """Return a configuration with its models, roles and targets; ``None`` if it is unresolved."""
    key = (_config_context, evaluation.template.index, logical_id)
    return cached(evaluation, key, lambda: _config_context(evaluation, logical_id, usage))


def _config_context(
    evaluation: Evaluation, logical_id: str, usage: UsageCounter
) -> ConfigContext | None:
    read = spec_of(evaluation, logical_id, EndpointConfigSpec)
    if read is None:
        return None
    config = read[0]
    models = {
        path: (found, model)
        for path, found in _models(evaluation, logical_id, config).items()
        if (model := referenced_model(evaluation, logical_id, found)) is not None
    }
    before = usage.before(evaluation.template, logical_id)
    given = evaluation.scenario.app.root_of(evaluation.template).input
    role = referenced_role(evaluation, config.execution_role_arn)
    return ConfigContext(
        config=config,
        region=given.region,
        account=given.account,
        models={path: model for path, (_, model) in models.items()},
        imported_models=frozenset(
            path for path, name, _ in model_names(config) if is_import(evaluation, MODEL, name)
        ),
        weak_references=frozenset(
            path for path, name, _ in model_names(config) if is_weak_import(name)
        ),
        roles=_roles(evaluation, config, models),
        execution_role=None if role is None else read_role(role),
        is_role_of_model=role is not None and is_role_of_model(role),
        scalable_targets=variant_targets(evaluation, logical_id, config),
        earlier_serverless_variants=before.variants,
        earlier_concurrency=before.concurrency,
    )


def _models(
    evaluation: Evaluation, logical_id: str, config: EndpointConfigSpec
) -> dict[Path, ResourceRef]:
    found: dict[Path, ResourceRef] = {}
    for path, value, _ in model_names(config):
        at = (logical_id, aws_steps(path, EndpointConfigSpec))
        if (model := named_resource(evaluation, MODEL, value, at)) is not None:
            found[path] = model
    return found


def _roles(
    evaluation: Evaluation,
    config: EndpointConfigSpec,
    models: Mapping[Path, tuple[ResourceRef, ReferencedModel]],
) -> dict[Path, Role]:
    """Return the execution role of each variant: that of its model, or of the configuration."""
    roles: dict[Path, Role] = {}
    for path, variant in config.variants():
        role = None
        if variant.model_name is None:
            role = execution_role(evaluation, config.execution_role_arn)
        elif (*path, "model_name") in models:
            found, referenced = models[*path, "model_name"]
            role = execution_role(found.evaluation, referenced.model.execution_role_arn)
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
        other_endpoint_names=frozenset(
            _other_names(evaluation, logical_id, endpoint.endpoint_name)
        ),
        alarms=rollback_alarms(evaluation, logical_id, endpoint.deployment_config),
        policies=endpoint_role_policies(evaluation, logical_id, config),
        is_config_imported=is_import(evaluation, CONFIG, endpoint.endpoint_config_name),
        weak_references=frozenset(
            {_CONFIG_NAME} if is_weak_import(endpoint.endpoint_config_name) else ()
        ),
        # Only the rules of retained properties need this, and the search takes time.
        may_be_scaled=endpoint.retain_all_variant_properties is True
        and config is not None
        and (
            may_be_scaled(evaluation, config.config)
            or _has_unknown_variant(evaluation, logical_id, config.config)
        ),
    )


def _has_unknown_variant(
    evaluation: Evaluation, logical_id: str, config: EndpointConfigSpec
) -> bool:
    """Return whether a target on an endpoint names a variant that the configuration lacks."""
    names = {variant.variant_name for _, variant in config.variants() if variant.variant_name}
    targets = targets_on_variants(ResourceRef(evaluation, logical_id))
    return any(name not in names for name, _ in targets)


def _monitored_endpoint(found: ResourceRef, usage: UsageCounter) -> EndpointContext | None:
    """Return the endpoint of an alarm with its configuration; ``None`` if it is unresolved."""
    read = spec_of(found.evaluation, found.logical_id, EndpointSpec)
    if read is None:
        return None
    config = _config_of(found.evaluation, found.logical_id, read[0], usage)
    return EndpointContext(endpoint=read[0], config=config)


def _config_function(usage: UsageCounter) -> ConfigOf:
    return lambda found, endpoint: _config_of(found.evaluation, found.logical_id, endpoint, usage)


def _config_of(
    evaluation: Evaluation, logical_id: str, endpoint: EndpointSpec, usage: UsageCounter
) -> ConfigContext | None:
    """Return the context of the configuration of an endpoint; ``None`` if it is unknown."""
    at = (logical_id, (NAME_PROPERTIES[CONFIG],))
    found = named_resource(evaluation, CONFIG, endpoint.endpoint_config_name, at)
    return config_context(found.evaluation, found.logical_id, usage) if found else None


def _other_names(evaluation: Evaluation, logical_id: str, name: object) -> Iterator[str]:
    """Yield the names of other endpoints that equal a name or differ only in capitals.

    The names of all other endpoints would take time that is quadratic in their number.
    """
    app, template = evaluation.scenario.app, evaluation.template
    if not isinstance(name, str):
        return
    for other_name, endpoints in app.similar_endpoint_names(name).items():
        # One of them is enough, because many endpoints may have the same name.
        if any(
            (other_template is not template or other_id != logical_id)
            and app.environment_of(other_template) == app.environment_of(template)
            and is_deployed(evaluation.within(other_template), other_id)
            for other_template, other_id in endpoints
        ):
            yield other_name

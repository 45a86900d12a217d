"""Rules on properties that an endpoint retains when it is updated."""

from __future__ import annotations

import re
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
from cdk_epc.spec.context import ConfigContext, EndpointContext
from cdk_epc.spec.endpoint import retains_counts
from cdk_epc.spec.endpoint_config import EndpointKind, endpoint_kind_of
from cdk_epc.spec.unresolved import (
    Unresolved,
    is_integer,
    is_resolved,
    is_string,
    items_of,
)

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
_UPDATE: Final = f"{_API}API_UpdateEndpoint.html"
_PROPERTY: Final = f"{_API}API_VariantProperty.html"
_INSTANCES: Final = "sagemaker:variant:DesiredInstanceCount"
_RETAIN: Final[Path] = ("retain_all_variant_properties",)
_EXCLUDED: Final = "exclude_retained_variant_properties"
_COUNT: Final = VariantPropertyType.DESIRED_INSTANCE_COUNT
_TAKE_COUNTS: Final = (
    "Exclude DesiredInstanceCount, or remove `retain_all_variant_properties`. If the variant is "
    "scaled outside this app, or its scaling is removed for one deployment, acknowledge the "
    "warning."
)
_TAKE_COUNTS_IN_PYTHON: Final = (
    "Pass retain=RetainedProperties.weights() or RetainedProperties.nothing(). If the variant is "
    "scaled outside this app, or its scaling is removed for one deployment, acknowledge the "
    "warning."
)


def _instance_targets(subject: EndpointContext) -> list[str]:
    """Return the ids of the known scalable targets on instances of the endpoint's variants."""
    config = subject.config
    if config is None:
        return []
    variants = dict(config.config.variants())
    return [
        target.logical_id
        for path, target in config.scalable_targets.items()
        if target.dimension == _INSTANCES
        # Only the instances of a variant on instances can scale, so its dimension may be unknown.
        or (target.dimension is None and _is_on_instances(variants.get(path)))
    ]


def _is_on_instances(variant: ProductionVariant | None) -> bool:
    return variant is None or variant.serverless_config is None


def _excluded_types(endpoint: EndpointSpec) -> Iterator[tuple[Path, object]]:
    for index, each in enumerate(items_of(endpoint.exclude_retained_variant_properties)):
        if isinstance(each, VariantProperty):
            yield (_EXCLUDED, index, "variant_property_type"), each.variant_property_type


def _retains_counts(subject: EndpointContext) -> bool:
    """Return whether the endpoint surely retains the counts of variants with known scaling."""
    return retains_counts(subject.endpoint) is True and not subject.may_be_scaled


def _named(variant: ProductionVariant) -> str:
    name = variant.variant_name
    return f"variant {str(name)!r}" if is_string(name) else "a variant with an unresolved name"


@rule(
    id="scaled-count-reset",
    title="An endpoint with auto scaling should retain its instance counts",
    why="RetainAllVariantProperties is false by default. Every change of the configuration resets "
    "the number of instances to InitialInstanceCount, under any load.",
    fix="Set RetainAllVariantProperties to true.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(EndpointContext,),
    requires=("config",),
    severity=Severity.WARNING,
    of_templates=True,
)
def scaled_count_reset(subject: EndpointContext) -> Iterator[Violation]:
    retain = subject.endpoint.retain_all_variant_properties
    if _is_replaced_by_builds(subject.endpoint.endpoint_name):
        return
    if (retain is None or retain is False) and (targets := _instance_targets(subject)):
        names = sorted(set(targets))
        scale = "scales" if len(names) == 1 else "scale"
        yield Violation(
            path=_RETAIN,
            got=retain,
            sentence=f"updates of the endpoint reset the instance count, which "
            f"{' and '.join(names)} {scale}",
            fix="Set `retain_all_variant_properties` to true. To deploy new counts, exclude "
            "DesiredInstanceCount once.",
            python_fix="Pass retain=RetainedProperties.instance_counts(). To deploy new counts, "
            "pass RetainedProperties.weights() once.",
        )


# Parameter in an expression, whose value is usually another one in each build.
_OF_BUILD: Final = re.compile(
    r"(?i)[{'] ?[a-z0-9]*(build|commit|sha|hash|version|timestamp|datetime|execution|runid)"
    r"(id|number|name|sha|hash)?[}']"
)


def _is_replaced_by_builds(name: object) -> bool:
    """Return whether each build gives the endpoint a new name, so that nothing is updated."""
    return isinstance(name, Unresolved) and _OF_BUILD.search(str(name.expression)) is not None


@rule(
    id="retained-count-ignored",
    title="An endpoint without auto scaling should not retain its instance counts",
    why="With RetainAllVariantProperties, changes of InitialInstanceCount have no effect unless "
    "DesiredInstanceCount is excluded.",
    fix="Exclude DesiredInstanceCount, or remove RetainAllVariantProperties.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(EndpointContext,),
    requires=("retain_all_variant_properties",),
    severity=Severity.WARNING,
)
def retained_count_ignored(subject: EndpointContext) -> Iterator[Violation]:
    config = subject.config
    # SageMaker scales an endpoint with inference components itself; a serverless one has no count.
    if (
        config is None
        or config.scalable_targets  # `retained-count-beside-scaled` is about endpoints with scaling
        or subject.may_be_scaled
        or not _retains_counts(subject)
        or endpoint_kind_of(config.config)
        not in {EndpointKind.REAL_TIME, EndpointKind.ASYNCHRONOUS}
    ):
        return
    for _, variant in config.config.production():
        if is_resolved(variant.initial_instance_count):
            yield Violation(
                path=_RETAIN,
                got=True,
                sentence=f"the endpoint retains the instance count of {_named(variant)}, which "
                "no scalable target of this app scales",
                fix=_TAKE_COUNTS,
                python_fix=_TAKE_COUNTS_IN_PYTHON,
            )
            return


@rule(
    id="scaled-count-excluded",
    title="An endpoint with auto scaling should not exclude its instance counts from retention",
    why="Every change of the configuration resets the number of instances to "
    "InitialInstanceCount, as if nothing were retained.",
    fix="Remove DesiredInstanceCount from ExcludeRetainedVariantProperties.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(EndpointContext,),
    requires=("exclude_retained_variant_properties",),
    severity=Severity.WARNING,
)
def scaled_count_excluded(subject: EndpointContext) -> Iterator[Violation]:
    if subject.endpoint.retain_all_variant_properties is not True:
        return
    for path, type_ in _excluded_types(subject.endpoint):
        if type_ == _COUNT and (targets := _instance_targets(subject)):
            yield Violation(
                path=path,
                got=type_,
                not_allowed=f"because {targets[0]} scales the instances",
                fix="Remove the item after the new counts are deployed.",
                python_fix="Pass retain=RetainedProperties.instance_counts() after the new counts "
                "are deployed.",
            )


@rule(
    id="retained-data-capture-excluded",
    title="Data capture should not be excluded from retention",
    why="The API reference lists DataCaptureConfig and says that it is not supported currently.",
    fix="Remove the item.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PROPERTY,
    about=(EndpointSpec,),
    requires=("exclude_retained_variant_properties",),
    severity=Severity.WARNING,
)
def retained_data_capture_excluded(endpoint: EndpointSpec) -> Iterator[Violation]:
    for path, type_ in _excluded_types(endpoint):
        if type_ == VariantPropertyType.DATA_CAPTURE_CONFIG:
            yield Violation(
                path=path,
                got=type_,
                must="be DesiredInstanceCount or DesiredWeight",
                fix="Remove the item.",
            )


@rule(
    id="retained-count-beside-scaled",
    title="An endpoint that retains its instance counts should scale all of its variants or none",
    why="RetainAllVariantProperties applies to the whole endpoint. If one variant scales, a new "
    "InitialInstanceCount of the others has no effect either.",
    fix="Scale the other variants with equal minimum and maximum capacity; change the capacity "
    "instead of InitialInstanceCount.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(EndpointContext,),
    requires=("retain_all_variant_properties",),
    severity=Severity.WARNING,
)
def retained_count_beside_scaled(subject: EndpointContext) -> Iterator[Violation]:
    config = subject.config
    if config is None or not config.scalable_targets or not _retains_counts(subject):
        return
    if names := list(_unscaled(config)):
        yield Violation(
            path=_RETAIN,
            got=True,
            sentence="the endpoint retains the instance counts of all variants, but no scalable "
            f"target of this app scales {' and '.join(names)}",
            fix="Scale the variant with equal minimum and maximum capacity, which you can change "
            "later, or leave its count unchanged.",
            python_fix="Call auto_scale() of the variant with equal capacities, such as "
            "auto_scale(2, 2), which you can change later, or leave its count unchanged.",
        )


def _unscaled(config: ConfigContext) -> Iterator[str]:
    """Yield the variants whose number of instances only the configuration decides."""
    for path, variant in config.config.production():
        if (
            path not in config.scalable_targets
            and is_integer(variant.initial_instance_count)
            and not _has_managed_scaling(variant)
        ):
            yield _named(variant)


def _has_managed_scaling(variant: ProductionVariant) -> bool:
    scaling = variant.managed_instance_scaling
    off = ManagedInstanceScalingStatus.DISABLED
    return scaling is not None and getattr(scaling, "status", None) != off


@rule(
    id="retained-exclusions-ignored",
    title="Properties should be excluded from retention only if the others are retained",
    why="Exclusions have an effect only if RetainAllVariantProperties is true. Otherwise every "
    "update takes all properties from the configuration.",
    fix="Set RetainAllVariantProperties to true, or remove ExcludeRetainedVariantProperties.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(EndpointSpec,),
    requires=("exclude_retained_variant_properties",),
    severity=Severity.WARNING,
)
def retained_exclusions_ignored(spec: EndpointSpec) -> Iterator[Violation]:
    retain = spec.retain_all_variant_properties
    if (retain is None or retain is False) and items_of(spec.exclude_retained_variant_properties):
        yield Violation(
            path=(_EXCLUDED,),
            got=Words("exclusions"),
            not_allowed="unless `retain_all_variant_properties` is true",
            fix="Set `retain_all_variant_properties` to true, or remove "
            "`exclude_retained_variant_properties`.",
        )


@rule(
    id="retained-deployment-unclear",
    title="An endpoint should not have both a deployment configuration and RetainDeploymentConfig",
    why="RetainDeploymentConfig reuses the deployment configuration of the last update, so it is "
    "not clear which of the two applies.",
    fix="Remove RetainDeploymentConfig; CloudFormation sends DeploymentConfig with each update.",
    evidence=Evidence.INFERRED,
    source_url=_UPDATE,
    about=(EndpointSpec,),
    requires=("retain_deployment_config",),
    severity=Severity.WARNING,
)
def retained_deployment_unclear(spec: EndpointSpec) -> Iterator[Violation]:
    if spec.retain_deployment_config is True and isinstance(
        spec.deployment_config, DeploymentConfig
    ):
        yield Violation(
            path=("retain_deployment_config",),
            got=True,
            not_allowed="together with `deployment_config`",
            fix="Remove `retain_deployment_config` to deploy according to `deployment_config`, or "
            "remove `deployment_config`.",
        )


RULES: Final = (
    scaled_count_reset,
    retained_count_ignored,
    scaled_count_excluded,
    retained_data_capture_excluded,
    retained_exclusions_ignored,
    retained_deployment_unclear,
)
PEDANTIC: Final = (retained_count_beside_scaled,)
"""Rules of the pack `pedantic`."""

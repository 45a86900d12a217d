"""Rules of what an endpoint keeps when its configuration changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import EndpointSpec, Path, ProductionVariant, VariantProperty, VariantPropertyType
from cdk_epc.spec.context import EndpointContext
from cdk_epc.spec.endpoint_config import EndpointKind, endpoint_kind_of
from cdk_epc.spec.unresolved import (
    is_list,
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


def _scaled(subject: EndpointContext) -> list[str]:
    """The scalable targets in sight on the instances of the endpoint's variants."""
    config = subject.config
    if config is None:
        return []
    variants = dict(config.config.variants())
    return [
        target.logical_id
        for path, target in config.scalable_targets.items()
        if target.dimension == _INSTANCES
        # Nothing else of a variant on instances is scaled, whatever the dimension turns out to be.
        or (target.dimension is None and _is_on_instances(variants.get(path)))
    ]


def _is_on_instances(variant: ProductionVariant | None) -> bool:
    return variant is None or variant.serverless_config is None


def _exclusions(endpoint: EndpointSpec) -> Iterator[tuple[Path, object]]:
    for index, each in enumerate(items_of(endpoint.exclude_retained_variant_properties)):
        if isinstance(each, VariantProperty):
            yield (_EXCLUDED, index, "variant_property_type"), each.variant_property_type


def _may_exclude_counts(endpoint: EndpointSpec) -> bool:
    """Whether counts are, or may be, among what is not retained."""
    given = endpoint.exclude_retained_variant_properties
    if given is None:
        return False
    types = [type_ for _, type_ in _exclusions(endpoint)]
    counts = VariantPropertyType.DESIRED_INSTANCE_COUNT
    return (
        not is_list(given)
        or len(types) != len(given)
        or any(type_ == counts or not is_resolved(type_) for type_ in types)
    )


@rule(
    id="scaled-count-reset",
    title="An endpoint whose instances are scaled keeps their number",
    why="RetainAllVariantProperties is false by default: every change of the configuration "
    "sets the number of instances back to where it began, in the middle of the day's load.",
    fix="Set RetainAllVariantProperties to true.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(EndpointContext,),
    severity=Severity.WARNING,
)
def scaled_count_reset(subject: EndpointContext) -> Iterator[Violation]:
    retain = subject.endpoint.retain_all_variant_properties
    if (retain is None or retain is False) and (targets := _scaled(subject)):
        yield Violation(
            path=_RETAIN,
            got=retain,
            must=f"be true because {' and '.join(sorted(set(targets)))} scales the instances",
            fix="Set it to true; to begin with other counts, exclude DesiredInstanceCount once.",
        )


@rule(
    id="retained-count-ignored",
    title="An endpoint that nothing scales takes its counts from the configuration",
    why="With RetainAllVariantProperties, changes of InitialInstanceCount have no effect "
    "unless DesiredInstanceCount is excluded.",
    fix="Exclude DesiredInstanceCount, or do not retain.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(EndpointContext,),
    severity=Severity.WARNING,
)
def retained_count_ignored(subject: EndpointContext) -> Iterator[Violation]:
    endpoint, config = subject.endpoint, subject.config
    if (
        endpoint.retain_all_variant_properties is not True
        or config is None
        or config.scalable_targets  # of several variants all are retained, or none
        or subject.may_be_scaled
        or _may_exclude_counts(endpoint)
        or endpoint_kind_of(config.config)
        not in {EndpointKind.REAL_TIME, EndpointKind.ASYNCHRONOUS}
    ):
        return
    for _, variant in config.config.production():
        if is_resolved(variant.initial_instance_count):
            yield Violation(
                path=_RETAIN,
                got=True,
                must="be false, or DesiredInstanceCount excluded because nothing in sight scales "
                f"{_called(variant.variant_name)}",
                fix="Exclude DesiredInstanceCount, or take this out; what scales the variant from "
                "outside of this app is a reason to acknowledge it.",
            )
            return


def _called(name: object) -> str:
    return f"the variant {name!r}" if is_string(name) else "a variant"


@rule(
    id="scaled-count-excluded",
    title="What is scaled is not excepted from what an endpoint keeps",
    why="Every change of the configuration sets the number of instances back to where it "
    "began, as if nothing were retained.",
    fix="Take DesiredInstanceCount out of the exceptions.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(EndpointContext,),
    severity=Severity.WARNING,
)
def scaled_count_excluded(subject: EndpointContext) -> Iterator[Violation]:
    if subject.endpoint.retain_all_variant_properties is not True:
        return
    for path, type_ in _exclusions(subject.endpoint):
        if type_ == VariantPropertyType.DESIRED_INSTANCE_COUNT and (targets := _scaled(subject)):
            yield Violation(
                path=path,
                got=type_,
                must=f"be no exception of it because {targets[0]} scales the instances",
                fix="Take the exception out once the new counts are deployed.",
            )


@rule(
    id="retained-data-capture-excluded",
    title="Data capture is not among the exceptions from what is retained",
    why="The API lists DataCaptureConfig and says that it is not currently supported.",
    fix="Take it out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PROPERTY,
    about=(EndpointSpec,),
    severity=Severity.WARNING,
)
def retained_data_capture_excluded(endpoint: EndpointSpec) -> Iterator[Violation]:
    for path, type_ in _exclusions(endpoint):
        if type_ == VariantPropertyType.DATA_CAPTURE_CONFIG:
            yield Violation(
                path=path,
                got=type_,
                must="be DesiredInstanceCount or DesiredWeight",
                fix="Take it out.",
            )


RULES: Final = (
    scaled_count_reset,
    retained_count_ignored,
    scaled_count_excluded,
    retained_data_capture_excluded,
)

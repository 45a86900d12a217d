"""Rules of scalable dimensions: instances, or provisioned concurrency of serverless variants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.rules.scaling import capacity_bounds, scaled_variant
from cdk_epc.spec import ServerlessConfig
from cdk_epc.spec.context import ScalableTargetContext
from cdk_epc.spec.scaling import ScalableDimension
from cdk_epc.spec.unresolved import is_integer

_SERVERLESS: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-autoscale.html"
)
_ABOUT: Final = (ScalableTargetContext,)


@rule(
    id="scaling-dimension-mismatch",
    title="The scalable dimension must match the variant",
    why="A serverless variant has no instances, and a variant with instances has no provisioned "
    "concurrency.",
    fix="Use DesiredInstanceCount for instances and DesiredProvisionedConcurrency for serverless "
    "variants.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=_ABOUT,
)
def scaling_dimension_mismatch(subject: ScalableTargetContext) -> Iterator[Violation]:
    expected = right_dimension(subject)
    if expected is not None:
        is_serverless = expected is ScalableDimension.PROVISIONED_CONCURRENCY
        yield Violation(
            path=("scalable_dimension",),
            got=subject.target.scalable_dimension,
            must=f"be {expected.value} because the variant "
            + ("is serverless" if is_serverless else "has instances"),
            fix=f"Set `scalable_dimension` to {expected.value}.",
        )


def right_dimension(subject: ScalableTargetContext) -> ScalableDimension | None:
    """Return the right dimension for a target with the wrong one; ``None`` for other targets."""
    variant, dimension = scaled_variant(subject), subject.target.scalable_dimension
    if variant is None:
        return None
    is_serverless = isinstance(variant.serverless_config, ServerlessConfig)
    if dimension == ScalableDimension.INSTANCES and is_serverless:
        return ScalableDimension.PROVISIONED_CONCURRENCY
    has_instances = variant.serverless_config is None
    if dimension == ScalableDimension.PROVISIONED_CONCURRENCY and has_instances:
        return ScalableDimension.INSTANCES
    return None


def _serverless(subject: ScalableTargetContext) -> ServerlessConfig | None:
    """Return the serverless configuration of a variant with scaled concurrency."""
    if subject.target.scalable_dimension != ScalableDimension.PROVISIONED_CONCURRENCY:
        return None
    variant = scaled_variant(subject)
    config = variant.serverless_config if variant else None
    return config if isinstance(config, ServerlessConfig) else None


@rule(
    id="scaling-provisioned-missing",
    title="A scaled serverless variant must have provisioned concurrency",
    why="Application Auto Scaling changes the provisioned concurrency and needs an initial value.",
    fix="Set the provisioned concurrency of the variant.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=_ABOUT,
)
def scaling_provisioned_missing(subject: ScalableTargetContext) -> Iterator[Violation]:
    config = _serverless(subject)
    if config is not None and config.provisioned_concurrency is None:
        yield Violation(
            path=("scalable_dimension",),
            got=Words("a serverless variant without provisioned concurrency"),
            sentence="the scaled serverless variant has no provisioned concurrency",
            fix="Set `provisioned_concurrency` of the variant to 1 or more.",
        )


@rule(
    id="scaling-provisioned-too-large",
    title="The maximum capacity should not exceed the maximum concurrency of a serverless variant",
    why="A variant cannot have more provisioned concurrency than its maximum concurrency, so the "
    "scaling fails when the load is highest.",
    fix="Lower the maximum capacity, or raise the maximum concurrency of the variant.",
    evidence=Evidence.INFERRED,
    source_url=_SERVERLESS,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_provisioned_too_large(subject: ScalableTargetContext) -> Iterator[Violation]:
    config = _serverless(subject)
    limit = config.max_concurrency if config is not None else None
    for path, _, maximum in capacity_bounds(subject):
        if is_integer(limit) and is_integer(maximum) and maximum > limit:
            yield Violation(
                path=(*path, "max_capacity"),
                got=maximum,
                must=f"not exceed `max_concurrency` of the variant ({limit})",
                fix="Lower `max_capacity`, or raise `max_concurrency` of the variant.",
            )


RULES: Final = (
    scaling_dimension_mismatch,
    scaling_provisioned_missing,
    scaling_provisioned_too_large,
)

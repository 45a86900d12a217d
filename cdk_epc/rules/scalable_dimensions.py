"""Rules of scalable targets: instances for instances, concurrency for serverless variants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Violation, Words, rule
from cdk_epc.rules.scaling import capacities, variant_of
from cdk_epc.spec import ServerlessConfig
from cdk_epc.spec.context import ScalableTargetContext
from cdk_epc.spec.scaling import ScalableDimension
from cdk_epc.spec.unresolved import is_integer, is_resolved

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_AUTO_SCALING: Final = "https://docs.aws.amazon.com/autoscaling/application/"
_SERVERLESS: Final = f"{_GUIDE}serverless-endpoints-autoscale.html"


_ABOUT: Final = (ScalableTargetContext,)


@rule(
    id="scaling-dimension-mismatch",
    title="Instances are scaled on instances, and concurrency on serverless variants",
    why="The variant has nothing of the other kind to scale.",
    fix="Take the dimension that fits the variant.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=_ABOUT,
)
def scaling_dimension_mismatch(subject: ScalableTargetContext) -> Iterator[Violation]:
    variant, dimension = variant_of(subject), subject.target.scalable_dimension
    if variant is None or not is_resolved(dimension):
        return
    is_serverless = isinstance(variant.serverless_config, ServerlessConfig)
    if dimension == ScalableDimension.INSTANCES and is_serverless:
        fits, has = ScalableDimension.PROVISIONED_CONCURRENCY, "serverless"
    elif dimension == ScalableDimension.PROVISIONED_CONCURRENCY and (
        variant.serverless_config is None
    ):
        fits, has = ScalableDimension.INSTANCES, "on instances"
    else:
        return
    yield Violation(
        path=("scalable_dimension",),
        got=dimension,
        must=f"be {fits.value} because the variant is {has}",
        fix=f"Take {fits.value}.",
    )


def _serverless(subject: ScalableTargetContext) -> Iterator[ServerlessConfig]:
    variant = variant_of(subject)
    config = variant.serverless_config if variant else None
    dimension = subject.target.scalable_dimension
    if isinstance(config, ServerlessConfig) and (
        dimension == ScalableDimension.PROVISIONED_CONCURRENCY
    ):
        yield config


@rule(
    id="scaling-provisioned-missing",
    title="A serverless variant that is scaled has provisioned concurrency to begin with",
    why="Without it there is nothing that Application Auto Scaling could change.",
    fix="Give the variant provisioned concurrency.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=_ABOUT,
)
def scaling_provisioned_missing(subject: ScalableTargetContext) -> Iterator[Violation]:
    for config in _serverless(subject):
        if config.provisioned_concurrency is None:
            yield Violation(
                path=("scalable_dimension",),
                got=Words("a serverless variant without provisioned concurrency"),
                must="be one that has some to begin with",
                fix="Give the variant provisioned concurrency, 1 or more.",
            )


@rule(
    id="scaling-provisioned-too-large",
    title="Provisioned concurrency is not scaled beyond the greatest concurrency",
    why="SageMaker takes no more of it than the variant may serve at a time.",
    fix="Lower the greatest capacity, or raise the variant's greatest concurrency.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=_ABOUT,
)
def scaling_provisioned_too_large(subject: ScalableTargetContext) -> Iterator[Violation]:
    for config in _serverless(subject):
        most = config.max_concurrency
        for place, _, high in capacities(subject):
            if is_integer(most) and is_integer(high) and high > most:
                yield Violation(
                    path=(*place, "max_capacity"),
                    got=high,
                    must=f"be {most} or less, the variant's greatest concurrency",
                    fix="Lower it, or raise the variant's max_concurrency.",
                )


RULES: Final = (
    scaling_dimension_mismatch,
    scaling_provisioned_missing,
    scaling_provisioned_too_large,
)

"""Rules of reserved capacity: which types a training plan has, and what goes together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog import instances
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import CapacityReservationConfig, EndpointConfigSpec, Path, ProductionVariant
from cdk_epc.spec.unresolved import is_resolved, is_unresolved

_PLANS: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/"
    "use-training-plan-for-inference-endpoints-using-api-cli-sdk.html"
)
_RESERVATION: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_ProductionVariantCapacityReservationConfig.html"
)
# The API's ReservedCapacityInstanceType.
_RESERVABLE: Final = (
    "ml.p4d.24xlarge",
    "ml.p4de.24xlarge",
    "ml.p5.4xlarge",
    "ml.p5.48xlarge",
    "ml.p5e.48xlarge",
    "ml.p5en.48xlarge",
    "ml.p6-b200.48xlarge",
    "ml.p6-b300.48xlarge",
    "ml.p6e-gb200.36xlarge",
    "ml.trn1.32xlarge",
    "ml.trn2.48xlarge",
)


def _reserved(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ProductionVariant, CapacityReservationConfig]]:
    for path, variant in spec.variants():
        given = variant.capacity_reservation_config
        if isinstance(given, CapacityReservationConfig):
            yield path, variant, given


@rule(
    id="training-plan-type-mismatch",
    title="A variant on a training plan has the plan's instance type",
    why="The type must match that of the plan, and plans are sold for some types only.",
    fix="Give the plan's type as InstanceType.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PLANS,
    requires=("capacity_reservation_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("CRS.TYPE",),
)
def training_plan_type_mismatch(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, reservation in _reserved(spec):
        if not is_resolved(reservation.ml_reservation_arn):
            continue
        name = variant.instance_type
        if is_resolved(variant.instance_pools):
            place, got, allowed = "instance_pools", Words("instance pools"), "the plan's type alone"
        elif isinstance(name, str) and instances.is_hosting_type(name) and name not in _RESERVABLE:
            place, got = "instance_type", Words(repr(name))
            allowed = f"the plan's type, one of {', '.join(_RESERVABLE)}"
        else:
            continue
        fix = "Give the plan's type as InstanceType, or take the plan out."
        yield Violation(path=(*path, place), got=got, must=f"be {allowed}", fix=fix)


@rule(
    id="training-plan-incomplete",
    title="A training plan and the preference for it are given together",
    why="The preference says that only a plan will do, and the plan says which; the guide "
    "gives both.",
    fix="Give both, or neither.",
    evidence=Evidence.INFERRED,
    source_url=_RESERVATION,
    requires=("capacity_reservation_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("CRS.PAIR",),
)
def training_plan_incomplete(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, reservation in _reserved(spec):
        preference, arn = (
            reservation.capacity_reservation_preference,
            reservation.ml_reservation_arn,
        )
        if (preference is None) == (arn is None) or is_unresolved(preference) or is_unresolved(arn):
            continue
        missing = "ml_reservation_arn" if arn is None else "capacity_reservation_preference"
        words = "the ARN of the plan" if arn is None else "capacity-reservations-only"
        yield Violation(
            path=(*path, "capacity_reservation_config", missing),
            got=None,
            must=f"be {words} because the other of the two is given",
            fix="Give both, or neither.",
        )


RULES: Final = (
    training_plan_type_mismatch,
    training_plan_incomplete,
)

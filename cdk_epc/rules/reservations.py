"""Rules of reserved capacity: training plans and their instance types."""

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
"""Types of the API's enum ReservedCapacityInstanceType."""


def _reservations(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ProductionVariant, CapacityReservationConfig]]:
    """Yield each capacity reservation with the path of its variant, and the variant."""
    for path, variant in spec.variants():
        reservation = variant.capacity_reservation_config
        if isinstance(reservation, CapacityReservationConfig):
            yield path, variant, reservation


@rule(
    id="training-plans-several",
    title="All variants must use the same training plan",
    why="An endpoint runs on exactly one training plan.",
    fix="Use one training plan for all variants, or a configuration for each plan.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PLANS,
    requires=("capacity_reservation_config",),
    eager=True,
    facts=("CRS.ONE_PLAN",),
)
def training_plans_several(spec: EndpointConfigSpec) -> Iterator[Violation]:
    plans = [
        (path, reservation.ml_reservation_arn)
        for path, _, reservation in _reservations(spec)
        if isinstance(reservation.ml_reservation_arn, str)
        and not is_unresolved(reservation.ml_reservation_arn)
    ]
    for path, arn in plans[1:]:
        if arn != plans[0][1]:
            yield Violation(
                path=(*path, "capacity_reservation_config", "ml_reservation_arn"),
                got=arn,
                must=f"be {plans[0][1]} because an endpoint runs on one training plan",
                fix="Use one training plan for all variants.",
            )


@rule(
    id="training-plan-type-mismatch",
    title="A variant on a training plan should have the plan's instance type",
    why="The instance type must match that of the plan, and AWS sells plans for some types only.",
    fix="Set the instance type to that of the training plan.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PLANS,
    requires=("capacity_reservation_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("CRS.TYPE",),
)
def training_plan_type_mismatch(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, reservation in _reservations(spec):
        if not is_resolved(reservation.ml_reservation_arn):
            continue
        name = variant.instance_type
        if is_resolved(variant.instance_pools):
            yield Violation(
                path=(*path, "instance_pools"),
                got=Words("instance pools"),
                not_allowed="with a training plan, which has one instance type",
                fix="Set `instance_type` to the plan's type, or remove the training plan.",
            )
        elif isinstance(name, str) and instances.is_hosting_type(name) and name not in _RESERVABLE:
            *types, last = _RESERVABLE
            yield Violation(
                path=(*path, "instance_type"),
                got=name,
                must=f"be the type of the training plan: {', '.join(types)} or {last}",
                fix="Set `instance_type` to the plan's type, or remove the training plan.",
            )


@rule(
    id="training-plan-incomplete",
    title="A training plan and the preference for reserved capacity should be set together",
    why="The preference restricts the variant to reserved capacity, and the plan is that "
    "capacity; the guide always sets both.",
    fix="Set both, or neither.",
    evidence=Evidence.INFERRED,
    source_url=_RESERVATION,
    requires=("capacity_reservation_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("CRS.PAIR",),
)
def training_plan_incomplete(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, reservation in _reservations(spec):
        preference = reservation.capacity_reservation_preference
        arn = reservation.ml_reservation_arn
        if (preference is None) == (arn is None) or is_unresolved(preference) or is_unresolved(arn):
            continue
        missing, given, value = (
            ("ml_reservation_arn", "capacity_reservation_preference", "the ARN of the plan")
            if arn is None
            else (
                "capacity_reservation_preference",
                "ml_reservation_arn",
                "capacity-reservations-only",
            )
        )
        yield Violation(
            path=(*path, "capacity_reservation_config", missing),
            required=f"because `{given}` is set",
            fix=f"Set `{missing}` to {value}, or remove `{given}`.",
        )


RULES: Final = (
    training_plans_several,
    training_plan_type_mismatch,
    training_plan_incomplete,
)

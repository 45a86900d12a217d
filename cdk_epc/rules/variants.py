"""Rules of every variant: its name, what it runs on, its routing and its reserved capacity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    CapacityReservationConfig,
    EndpointConfigSpec,
    Path,
    RoutingConfig,
    RoutingStrategy,
)
from cdk_epc.spec.unresolved import is_resolved, is_set, is_unresolved, items_of

_VARIANT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
)
_POOLS: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html"
)
_ROUTING: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html"
_PREFIX: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PrefixAwareRoutingConfig.html"
)
_PLANS: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/"
    "use-training-plan-for-inference-endpoints-using-api-cli-sdk.html"
)


_PROVIDER: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/40644"
_SDK: Final = "https://github.com/aws/sagemaker-python-sdk/blob/master/src/sagemaker/session.py"


@rule(
    id="variant-names-repeated",
    title="Production variants have different names",
    why="Requests, scaling and metrics find a variant by its name alone.",
    fix="Rename one of the variants.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/mlflow/mlflow/pull/6486",
    eager=True,
    facts=("VAR.UNIQUE",),
)
def variant_names_repeated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    seen: set[str] = set()
    for path, variant in spec.production():
        name = variant.variant_name
        if not isinstance(name, str) or not is_resolved(name):
            continue
        if name in seen:
            yield Violation(
                path=(*path, "variant_name"),
                got=name,
                must="be a name that no other production variant has",
                fix="Rename one of the two.",
            )
        seen.add(name)


@rule(
    id="variant-compute-missing",
    title="A variant says what it runs on",
    why="Without instances and without serverless settings there is nothing to start.",
    fix="Give the variant an instance type, instance pools or serverless settings.",
    evidence=Evidence.INFERRED,
    source_url=_VARIANT,
    eager=True,
    facts=("SRV.COMPUTE_REQUIRED",),
)
def variant_compute_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in spec.variants():
        if (variant.serverless_config, variant.instance_type, variant.instance_pools) == (
            None,
            None,
            None,
        ):
            yield Violation(
                path=(*path, "instance_type"),
                got=None,
                must="be an instance type, instance pools or serverless settings",
                fix="Say what the variant runs on.",
            )


@rule(
    id="pool-with-instance-type",
    title="Instance pools stand instead of an instance type",
    why="Sending both is a validation error.",
    fix="Make the instance type a pool of its own, or take the pools out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_POOLS,
    requires=("instance_pools",),
    eager=True,
    facts=("POOL.XOR_TYPE", "SRV.COMPUTE_REQUIRED"),
)
def pool_with_instance_type(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in spec.variants():
        if is_resolved(variant.instance_pools) and is_resolved(variant.instance_type):
            yield Violation(
                path=(*path, "instance_type"),
                got=variant.instance_type,
                not_allowed="because the instance pools name the types",
                fix="Make the type a pool of its own, or take the pools out.",
            )


def _routing(spec: EndpointConfigSpec) -> Iterator[tuple[Path, RoutingConfig]]:
    for path, variant in spec.variants():
        if isinstance(variant.routing_config, RoutingConfig):
            yield (*path, "routing_config"), variant.routing_config


@rule(
    id="prefix-aware-settings-missing",
    title="Prefix-aware routing has a prefix length and a concurrency threshold",
    why="Both are required with this strategy.",
    fix="Give both the prefix length and the concurrency threshold, or take another strategy.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PREFIX,
    requires=("routing_config",),
    eager=True,
    facts=("RTE.PREFIX_REQUIRED",),
)
def prefix_aware_settings_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, routing in _routing(spec):
        if routing.routing_strategy != RoutingStrategy.PREFIX_AWARE:
            continue
        prefix = routing.prefix_aware_routing_config
        for name, words in (
            ("prefix_length", "the length of the prefix, 1024 to 65536 characters"),
            ("concurrency_threshold", "the concurrency threshold, 1 to 1024"),
        ):
            if prefix is None or getattr(prefix, name, prefix) is None:
                yield Violation(
                    path=(*path, "prefix_aware_routing_config", name),
                    got=None,
                    must=f"be {words} because the strategy is PREFIX_AWARE",
                    fix="Give both the length and the threshold, or another strategy.",
                )


@rule(
    id="prefix-aware-settings-ignored",
    title="Prefix-aware settings go with the prefix-aware strategy",
    why="The API takes them with no other strategy.",
    fix="Take the settings out, or take the strategy PREFIX_AWARE.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROUTING,
    requires=("routing_config",),
    eager=True,
    facts=("RTE.PREFIX_ONLY",),
)
def prefix_aware_settings_ignored(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, routing in _routing(spec):
        strategy = routing.routing_strategy
        if (
            is_resolved(routing.prefix_aware_routing_config)
            and is_resolved(strategy)
            and strategy != RoutingStrategy.PREFIX_AWARE
        ):
            yield Violation(
                path=(*path, "prefix_aware_routing_config"),
                got=Words("prefix-aware settings"),
                not_allowed=f"because the strategy is {strategy}",
                fix="Take them out, or take the strategy PREFIX_AWARE.",
            )


@rule(
    id="routing-kv-aware",
    title="CloudFormation's schema does not list KV_AWARE routing",
    why="The API has it; whether CloudFormation passes it on is not known.",
    fix="Try the deployment first, or take PREFIX_AWARE.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROUTING,
    requires=("routing_config",),
    of_templates=True,
    severity=Severity.WARNING,
    facts=("RTE.KV_AWARE_CFN",),
)
def routing_kv_aware(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, routing in _routing(spec):
        if routing.routing_strategy == RoutingStrategy.KV_AWARE:
            yield Violation(
                path=(*path, "routing_strategy"),
                got=routing.routing_strategy,
                must="be LEAST_OUTSTANDING_REQUESTS, RANDOM or PREFIX_AWARE in CloudFormation's "
                "schema; the API has it",
                fix="Try the deployment first, or take PREFIX_AWARE.",
            )


def _plans(spec: EndpointConfigSpec) -> Iterator[tuple[Path, str]]:
    """The training plans that are known, each with the path of its variant."""
    for path, variant in spec.variants():
        reservation = variant.capacity_reservation_config
        if isinstance(reservation, CapacityReservationConfig):
            arn = reservation.ml_reservation_arn
            if isinstance(arn, str) and not is_unresolved(arn):
                yield path, arn


@rule(
    id="training-plans-several",
    title="All variants use the same training plan",
    why="An endpoint runs on exactly one plan.",
    fix="Run all variants on one training plan, or put them into configurations of their own.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PLANS,
    requires=("capacity_reservation_config",),
    eager=True,
    facts=("CRS.ONE_PLAN",),
)
def training_plans_several(spec: EndpointConfigSpec) -> Iterator[Violation]:
    plans = list(_plans(spec))
    for path, arn in plans[1:]:
        if arn != plans[0][1]:
            yield Violation(
                path=(*path, "capacity_reservation_config", "ml_reservation_arn"),
                got=arn,
                must=f"be the plan of the other variants, {plans[0][1]}",
                fix="Run all variants on one training plan.",
            )


@rule(
    id="variant-models-partial",
    title="Either every production variant has a model, or none",
    why="An endpoint hosts models or inference components; nobody has been seen to have both.",
    fix="Give each kind a configuration of its own.",
    evidence=Evidence.INFERRED,
    source_url=_PROVIDER,
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.IC_MIX",),
)
def variant_models_partial(spec: EndpointConfigSpec) -> Iterator[Violation]:
    # A serverless variant without a model has a rule of its own.
    variants = [each for each in spec.production() if each[1].serverless_config is None]
    if not any(is_set(variant.model_name) for _, variant in variants):
        return
    for path, variant in variants:
        if variant.model_name is None:
            yield Violation(
                path=(*path, "model_name"),
                got=None,
                must="be a model, as other variants have one",
                fix="Name the model, or give the inference components a configuration of their "
                "own.",
            )


@rule(
    id="vpc-with-models",
    title="The configuration's VPC is for inference components",
    why="A model brings its network along. AWS's SDK sends a VPC only with variants that have "
    "no model, and what becomes of it beside one is not documented.",
    fix="Give the VPC to the models.",
    evidence=Evidence.INFERRED,
    source_url=_SDK,
    requires=("vpc_config",),
    severity=Severity.WARNING,
    facts=("VAR.IC_ONLY_SETTINGS",),
)
def vpc_with_models(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if not is_resolved(spec.vpc_config):
        return
    variants = spec.variants()
    if not variants or len(spec.production()) != len(items_of(spec.production_variants)):
        return
    if all(
        is_set(variant.model_name) and variant.serverless_config is None for _, variant in variants
    ):
        yield Violation(
            path=("vpc_config",),
            got=Words("a VPC"),
            not_allowed="because each variant's model says its own network",
            fix="Give the VPC to the models.",
        )


RULES: Final = (
    variant_names_repeated,
    variant_compute_missing,
    pool_with_instance_type,
    prefix_aware_settings_missing,
    prefix_aware_settings_ignored,
    routing_kv_aware,
    training_plans_several,
    variant_models_partial,
    vpc_with_models,
)

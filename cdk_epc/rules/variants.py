"""Rules of variants: names, compute, initial instance counts and models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.unresolved import is_resolved, is_set, is_string

_VARIANT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
)
_MLFLOW: Final = "https://github.com/mlflow/mlflow/pull/6486"
_PROVIDER: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/40644"


@rule(
    id="variant-names-repeated",
    title="Production variants must have different names",
    why="Requests, scaling and metrics refer to a variant by its name, so that SageMaker refuses "
    "two production variants with one name.",
    fix="Rename one of the variants.",
    evidence=Evidence.REAL_ERROR,
    source_url=_MLFLOW,
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
                must="differ from the name of every other production variant",
                fix="Rename one of the variants.",
            )
        seen.add(name)


@rule(
    id="variant-compute-missing",
    title="A variant must have an instance type, instance pools or a serverless configuration",
    why="Without any of these, SageMaker has no compute to run the variant on.",
    fix="Set the instance type, the instance pools or the serverless configuration.",
    evidence=Evidence.INFERRED,
    source_url=_VARIANT,
    eager=True,
    facts=("SRV.COMPUTE_REQUIRED",),
)
def variant_compute_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in spec.variants():
        compute = (variant.serverless_config, variant.instance_type, variant.instance_pools)
        if compute == (None, None, None):
            yield Violation(
                path=(*path, "instance_type"),
                required="unless the variant has `instance_pools` or `serverless_config`",
                fix="Set one of the three.",
                python_fix="Pass an instance type or a list of instance pools.",
            )


@rule(
    id="instance-count-missing",
    title="A variant on instances should have an initial instance count",
    why="The API reference documents no default for the count, which the API once required.",
    fix="Set the initial instance count, for example to 1.",
    evidence=Evidence.INFERRED,
    source_url=_VARIANT,
    severity=Severity.WARNING,
    eager=True,
    facts=("SRV.INITIAL_COUNT_PRESENT",),
)
def instance_count_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in spec.variants():
        if (
            variant.initial_instance_count is None
            and variant.serverless_config is None
            and variant.managed_instance_scaling is None
            and (is_resolved(variant.instance_type) or is_resolved(variant.instance_pools))
        ):
            yield Violation(
                path=(*path, "initial_instance_count"),
                required="because the API documents no default",
                fix="Set `initial_instance_count`, for example to 1.",
            )


@rule(
    id="variant-models-partial",
    title="Production variants should either all have a model or all host inference components",
    why="No endpoint with both kinds of variants is documented or known to work.",
    fix="Move the variants of one kind to another configuration.",
    evidence=Evidence.INFERRED,
    source_url=_PROVIDER,
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.IC_MIX",),
)
def variant_models_partial(spec: EndpointConfigSpec) -> Iterator[Violation]:
    # serverless-model-missing reports a serverless variant without a model.
    variants = [each for each in spec.production() if each[1].serverless_config is None]
    if not any(is_set(variant.model_name) for _, variant in variants):
        return
    for path, variant in variants:
        if variant.model_name is None:
            name = variant.variant_name
            label = f"variant {name!r}" if is_string(name) else "a variant"
            yield Violation(
                path=(*path, "model_name"),
                sentence=f"{label} has no model, but other production variants have one",
                fix="Set `model_name`, or move the variants for inference components to another "
                "configuration.",
                python_fix="Move the variants for inference components to another configuration.",
            )


RULES: Final = (
    variant_names_repeated,
    variant_compute_missing,
    instance_count_missing,
    variant_models_partial,
)

"""Rules of variants without a model, which host inference components, and of managed scaling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.finding import shown
from cdk_epc.rules.managed_scaling import scaled
from cdk_epc.rules.rule import Evidence, Violation, Words, rule
from cdk_epc.spec import (
    EndpointConfigSpec,
    ManagedInstanceScalingStatus,
    Path,
    ProductionVariant,
)
from cdk_epc.spec.unresolved import is_integer, is_resolved, is_set

_PROVIDER: Final = "https://github.com/hashicorp/terraform-provider-aws"
_SCALING: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_ProductionVariantManagedInstanceScaling.html"
)


def _without_model(spec: EndpointConfigSpec) -> Iterator[tuple[Path, ProductionVariant]]:
    return ((path, variant) for path, variant in spec.variants() if variant.model_name is None)


@rule(
    id="inference-component-role-missing",
    title="Inference components need the configuration's execution role",
    why="There is no model whose role SageMaker could take.",
    fix="Give the configuration an execution role, or give every variant a model.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_PROVIDER}/pull/44977",
    eager=True,
    facts=("VAR.IC_ROLE",),
)
def inference_component_role_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.execution_role_arn is None:
        for _, variant in _without_model(spec):
            yield Violation(
                path=("execution_role_arn",),
                got=None,
                must=f"be a role because variant {variant.variant_name} names no model",
                fix="Give the execution role, or give the variant a model.",
            )
            return


@rule(
    id="inference-component-with-weight",
    title="A variant without a model has no weight",
    why="Requests name the component they are for, so the service refuses a weight.",
    fix="Take the weight out, or give the variant a model.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_PROVIDER}/pull/44977",
    eager=True,
    facts=("VAR.IC_NO_WEIGHT",),
)
def inference_component_with_weight(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in _without_model(spec):
        if is_resolved(variant.initial_variant_weight):
            yield Violation(
                path=(*path, "initial_variant_weight"),
                got=variant.initial_variant_weight,
                not_allowed="because a variant without a model hosts inference components",
                fix="Take the weight out, or give the variant a model.",
            )


@rule(
    id="inference-component-with-ssm",
    title="A variant without a model does not mention SSM access",
    why="The service refuses the member, whatever its value.",
    fix="Take the member out, even where it is false, or give the variant a model.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_PROVIDER}/blob/main/internal/service/sagemaker/endpoint_configuration.go",
    requires=("enable_ssm_access",),
    eager=True,
    facts=("VAR.IC_NO_SSM",),
)
def inference_component_with_ssm(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in _without_model(spec):
        if is_resolved(variant.enable_ssm_access):
            yield Violation(
                path=(*path, "enable_ssm_access"),
                got=variant.enable_ssm_access,
                not_allowed="because not even false, for a variant without a model",
                fix="Take it out, or give the variant a model.",
            )


@rule(
    id="managed-scaling-with-model",
    title="Managed instance scaling is for inference components",
    why="Since 2026 the service refuses it on a variant that names a model.",
    fix="Scale the variant with Application Auto Scaling, or take the model out and host "
    "inference components.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_PROVIDER}/pull/45926",
    requires=("managed_instance_scaling",),
    eager=True,
    facts=("VAR.MIS_IC_ONLY",),
)
def managed_scaling_with_model(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, scaling in scaled(spec):
        if (
            is_set(variant.model_name)
            and (scaling.status is None or is_resolved(scaling.status))
            and scaling.status != ManagedInstanceScalingStatus.DISABLED
        ):
            yield Violation(
                path=path,
                got=Words("managed instance scaling"),
                not_allowed="because the variant has a model and hosts no inference components",
                fix="Scale the variant with Application Auto Scaling, or take the model out and "
                "host inference components.",
            )


@rule(
    id="managed-scaling-bounds-reversed",
    title="The least number of instances does not exceed the greatest",
    why="Nothing lies between.",
    fix="Lower the least number or raise the greatest.",
    evidence=Evidence.INFERRED,
    source_url=_SCALING,
    requires=("managed_instance_scaling",),
    eager=True,
    facts=("VAR.MIS_RANGE",),
)
def managed_scaling_bounds_reversed(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, scaling in scaled(spec):
        low, high = scaling.min_instance_count, scaling.max_instance_count
        if is_integer(low) and is_integer(high) and low > high:
            yield Violation(
                path=(*path, "min_instance_count"),
                got=low,
                must=f"be at most the greatest number of instances, which is {shown(high)}",
                fix="Lower the least number or raise the greatest.",
            )


RULES: Final = (
    inference_component_role_missing,
    inference_component_with_weight,
    inference_component_with_ssm,
    managed_scaling_with_model,
    managed_scaling_bounds_reversed,
)

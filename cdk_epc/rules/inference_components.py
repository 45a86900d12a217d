"""Rules of configurations whose variants have no model and host inference components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import EndpointConfigSpec, Path, ProductionVariant
from cdk_epc.spec.unresolved import is_resolved, is_set, is_string

_PROVIDER: Final = "https://github.com/hashicorp/terraform-provider-aws"


def _without_model(spec: EndpointConfigSpec) -> Iterator[tuple[Path, ProductionVariant]]:
    return ((path, variant) for path, variant in spec.variants() if variant.model_name is None)


@rule(
    id="inference-component-role-missing",
    title="A configuration for inference components must have an execution role",
    why="A variant without a model has no model whose role SageMaker could assume.",
    fix="Set the execution role of the configuration, or set a model for every variant.",
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
                required=f"because {_named(variant)} has no model",
                fix="Set `execution_role_arn`, or set the model of the variant.",
            )
            return


@rule(
    id="inference-component-with-weight",
    title="A variant for inference components must not have a weight",
    why="A request names its inference component, so that SageMaker refuses a weight.",
    fix="Remove the weight, or set the model of the variant.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_PROVIDER}/pull/44977",
    requires=("initial_variant_weight",),
    eager=True,
    facts=("VAR.IC_NO_WEIGHT",),
)
def inference_component_with_weight(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in _without_model(spec):
        if is_resolved(variant.initial_variant_weight):
            yield Violation(
                path=(*path, "initial_variant_weight"),
                got=variant.initial_variant_weight,
                not_allowed="on a variant without a model",
                fix="Remove `initial_variant_weight`, or set the model of the variant.",
            )


@rule(
    id="inference-component-with-ssm",
    title="A variant for inference components must not have a setting of SSM access",
    why="SageMaker refuses the member on a variant without a model, whether true or false.",
    fix="Remove the member, even if it is false, or set the model of the variant.",
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
                not_allowed="on a variant without a model",
                fix="Remove `enable_ssm_access`, or set the model of the variant.",
            )


def _with_model(spec: EndpointConfigSpec) -> Iterator[ProductionVariant]:
    """Yield the variants with a model that run on instances."""
    for _, variant in spec.variants():
        if is_set(variant.model_name) and variant.serverless_config is None:
            yield variant


@rule(
    id="vpc-with-models",
    title="The VPC of a configuration should only be used for inference components",
    why="A model has its own network settings. The API accepts the VPC of a configuration for "
    "inference components only, according to two requests for a check in Terraform's provider.",
    fix="Set the VPC of the models instead.",
    evidence=Evidence.INFERRED,
    source_url=f"{_PROVIDER}/issues/48738",
    requires=("vpc_config",),
    severity=Severity.WARNING,
    facts=("VAR.IC_ONLY_SETTINGS",),
)
def vpc_with_models(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.vpc_config):
        for variant in _with_model(spec):
            yield Violation(
                path=("vpc_config",),
                got=Words("a VPC"),
                not_allowed=f"because {_named(variant)} has a model with its own network settings",
                fix="Set the VPC of the models instead.",
            )
            return


@rule(
    id="isolation-with-models",
    title="The network isolation of a configuration should only be used for inference components",
    why="A model has its own network isolation. The API accepts that of a configuration for "
    "inference components only, according to two requests for a check in Terraform's provider.",
    fix="Set the network isolation of the models instead.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_PROVIDER}/issues/48738",
    requires=("enable_network_isolation",),
    severity=Severity.WARNING,
)
def isolation_with_models(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.enable_network_isolation is True:
        for variant in _with_model(spec):
            yield Violation(
                path=("enable_network_isolation",),
                got=True,
                not_allowed=f"because {_named(variant)} has a model with its own network isolation",
                fix="Remove `enable_network_isolation`, and set that of the models instead.",
                python_fix="Remove network_isolation, and pass it to the models instead.",
            )
            return


def _named(variant: ProductionVariant) -> str:
    name = variant.variant_name
    return f"variant {name}" if is_string(name) else "a variant"


RULES: Final = (
    inference_component_role_missing,
    inference_component_with_weight,
    inference_component_with_ssm,
    vpc_with_models,
    isolation_with_models,
)

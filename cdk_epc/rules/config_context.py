"""Rules on a configuration with its models and scalable targets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.rules import _model_features
from cdk_epc.rules._model_features import HostedModel, features_of, models_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import ProductionVariant, ServerlessConfig
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.unresolved import is_resolved, is_string

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_SERVERLESS: Final = f"{_GUIDE}serverless-endpoints.html"
_BURSTABLE: Final = re.compile(r"ml\.t\d", re.ASCII)
_INSTANCES: Final = "sagemaker:variant:DesiredInstanceCount"
_NOT_SERVERLESS: Final = (
    _model_features.MULTI_MODEL,
    _model_features.PIPELINE,
    _model_features.MARKETPLACE,
    _model_features.PRIVATE_REGISTRY,
    _model_features.DATA_SOURCE,
    _model_features.VPC,
)
_NOT_SHADOWED: Final = (
    _model_features.MULTI_MODEL,
    _model_features.SEVERAL_CONTAINERS,
    _model_features.MARKETPLACE,
)
# The types with an accelerator that the developer guide lists for multi-model endpoints.
_MULTI_MODEL_TYPES: Final = frozenset(
    {"ml.p2.xlarge", "ml.p3.2xlarge"}
    | {
        f"ml.{family}.{size}"
        for family in ("g4dn", "g5")
        for size in ("xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge")
    }
)
_USE_INSTANCES: Final = "Use another model, or run the variant on instances."


def _unsupported(
    hosted: HostedModel, features: tuple[str, ...], host: str, fix: str
) -> Iterator[Violation]:
    """Yield a violation for each of the features that the model has.

    Args:
        hosted: The model.
        features: Features that are not supported.
        host: The variant or endpoint that does not support them, as the subject of a sentence.
        fix: Fix of the violation.
    """
    present = features_of(hosted.model)
    for feature in features:
        if feature in present:
            yield Violation(
                path=hosted.path,
                got=Words(f"a model with {feature}"),
                sentence=f"{host} cannot run model {hosted.logical_id}, which has {feature}",
                fix=fix,
            )


def _serverless(variant: ProductionVariant) -> str:
    name = variant.variant_name
    return f"serverless variant {name!r}" if is_string(name) else "a serverless variant"


@rule(
    id="serverless-with-model-feature",
    title="The model of a serverless variant must not use features that serverless inference "
    "excludes",
    why="Serverless inference supports no multi-model containers, inference pipelines, packages "
    "from AWS Marketplace, private registries, ModelDataSource and VPCs.",
    fix=_USE_INSTANCES,
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=(ConfigContext,),
    requires=("serverless_config",),
    facts=("SRV.MODEL_FEATURES", "SRV.NO_VPC", "MDL.DATA_SOURCE"),
    eager=True,
)
def serverless_with_model_feature(subject: ConfigContext) -> Iterator[Violation]:
    for hosted in models_of(subject):
        variant = hosted.variant
        if isinstance(variant.serverless_config, ServerlessConfig):
            host = _serverless(variant)
            yield from _unsupported(hosted, _NOT_SERVERLESS, host, _USE_INSTANCES)


@rule(
    id="serverless-with-isolated-model",
    title="The model of a serverless variant must not have network isolation",
    why="The deployment fails with: Network isolation is not supported for Serverless Inference.",
    fix="Turn off network isolation of the model, or run the variant on instances.",
    evidence=Evidence.REAL_ERROR,
    source_url=_SERVERLESS,
    about=(ConfigContext,),
    requires=("serverless_config",),
    facts=("SRV.NO_NET_ISOLATION",),
    eager=True,
)
def serverless_with_isolated_model(subject: ConfigContext) -> Iterator[Violation]:
    for hosted in models_of(subject):
        variant = hosted.variant
        if (
            isinstance(variant.serverless_config, ServerlessConfig)
            and hosted.model.enable_network_isolation is True
        ):
            yield Violation(
                path=hosted.path,
                got=Words("a model with network isolation"),
                sentence=f"{_serverless(variant)} cannot run model {hosted.logical_id}, which has "
                "network isolation",
                fix="Turn off network isolation of the model, or run the variant on instances.",
            )


@rule(
    id="async-with-marketplace",
    title="An asynchronous endpoint must not run a model from AWS Marketplace",
    why="The deployment fails with: Marketplace images are not supported when specifying an "
    "AsyncInferenceConfig.",
    fix="Use another model, or a real-time endpoint.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/sagemaker-python-sdk/issues/3969",
    about=(ConfigContext,),
    requires=("async_inference_config",),
    facts=("ASY.NO_MARKETPLACE",),
    eager=True,
)
def async_with_marketplace(subject: ConfigContext) -> Iterator[Violation]:
    if is_resolved(subject.config.async_inference_config):
        host, fix = "an asynchronous endpoint", "Use another model, or a real-time endpoint."
        for hosted in models_of(subject):
            yield from _unsupported(hosted, (_model_features.MARKETPLACE,), host, fix)


@rule(
    id="shadow-with-model-feature",
    title="A shadow test must not run multi-model, multi-container or Marketplace models",
    why="SageMaker refuses the shadow test with a validation error.",
    fix="Use another model, or remove the shadow variant.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}shadow-tests-exclusions.html",
    about=(ConfigContext,),
    requires=("shadow_production_variants",),
    facts=("VAR.SHADOW_EXCLUSIONS",),
    eager=True,
)
def shadow_with_model_feature(subject: ConfigContext) -> Iterator[Violation]:
    if subject.config.shadow():
        host = "an endpoint with a shadow test"
        fix = "Use another model, or remove the shadow variant."
        for hosted in models_of(subject):
            yield from _unsupported(hosted, _NOT_SHADOWED, host, fix)


@rule(
    id="multi-model-type-not-listed",
    title="A multi-model container should run on an instance type that supports it",
    why="The deployment fails with: MultiModel mode is not supported for instance type. The "
    "developer guide lists the GPU types that support it; types without accelerators all do.",
    fix="Use a listed GPU type, such as ml.g5.xlarge, or a type without accelerators.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}multi-model-support.html",
    about=(ConfigContext,),
    requires=("models",),
    severity=Severity.WARNING,
    facts=("MME.GPU_TYPES",),
)
def multi_model_type_not_listed(subject: ConfigContext) -> Iterator[Violation]:
    for hosted in models_of(subject):
        if _model_features.MULTI_MODEL not in features_of(hosted.model):
            continue
        for path, name in hosted.types:
            if name not in _MULTI_MODEL_TYPES and InstanceType.of(name).accelerator is not None:
                yield Violation(
                    path=path,
                    got=name,
                    must="be a GPU type that the developer guide lists for multi-model endpoints, "
                    "or a type without accelerators",
                    fix="Use a type such as ml.g5.xlarge, or one without accelerators.",
                )


@rule(
    id="model-not-awaited",
    title="A configuration should be created after its models",
    why="CloudFormation creates both at the same time, and the deployment fails with: Could not "
    "find model.",
    fix="Use Fn::GetAtt with ModelName of the model, or add DependsOn.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-sagemaker-model.html",
    about=(ConfigContext,),
    requires=("models",),
    severity=Severity.WARNING,
    of_templates=True,
    facts=("NAM.MODEL_EXISTS",),
)
def model_not_awaited(subject: ConfigContext) -> Iterator[Violation]:
    for path, found in subject.models.items():
        name = found.model.model_name
        if not found.is_dependency and is_string(name):
            model = found.logical_id
            yield Violation(
                path=path,
                got=name,
                must=f"be a reference to {model} because a literal name creates no dependency",
                fix=f'Use {{"Fn::GetAtt": ["{model}", "ModelName"]}}, or add DependsOn: {model}.',
                python_fix="Pass the Model construct instead of its name.",
            )


@rule(
    id="scaling-burstable-type",
    title="A variant with auto scaling must not run on a burstable instance type",
    why="Burstable types do not support auto scaling; registering the scalable target fails.",
    fix="Use a type that is not burstable, such as ml.m5.large, or remove the scaling.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}endpoint-auto-scaling-add-console.html",
    about=(ConfigContext,),
    requires=("scalable_targets",),
    facts=("VAR.T2_AUTOSCALE",),
)
def scaling_burstable_type(subject: ConfigContext) -> Iterator[Violation]:
    for path, variant in subject.config.production():
        target, name = subject.scalable_targets.get(path), variant.instance_type
        if (
            target is not None
            and target.dimension in (None, _INSTANCES)
            and isinstance(name, str)
            and _BURSTABLE.match(name)
        ):
            yield Violation(
                path=(*path, "instance_type"),
                got=name,
                not_allowed=f"because {target.logical_id} scales the variant, and burstable types "
                "do not support auto scaling",
                fix="Use a type that is not burstable, such as ml.m5.large, or remove the scaling.",
            )


RULES: Final = (
    serverless_with_model_feature,
    serverless_with_isolated_model,
    async_with_marketplace,
    shadow_with_model_feature,
    model_not_awaited,
    scaling_burstable_type,
)
PEDANTIC: Final = (multi_model_type_not_listed,)
"""Rules of the pack `pedantic`."""

"""Rules of a configuration and the models and scaling targets that stand beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.rules import _model_features
from cdk_epc.rules._model_features import Hosted, features_of, models_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import ServerlessConfig
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
    _model_features.SEVERAL,
    _model_features.MARKETPLACE,
)
# The types with an accelerator that the guide lists for multi-model endpoints.
_MULTI_MODEL_TYPES: Final = frozenset(
    {"ml.p2.xlarge", "ml.p3.2xlarge"}
    | {
        f"ml.{family}.{size}"
        for family in ("g4dn", "g5")
        for size in ("xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge")
    }
)


def _without(model: Hosted, features: tuple[str, ...], what: str, fix: str) -> Iterator[Violation]:
    """A fault for each of the features that the model has."""
    has = features_of(model.model)
    for feature in features:
        if feature in has:
            yield Violation(
                path=model.path,
                got=Words(f"a model with {feature}"),
                must=f"be a model without it because {what}",
                fix=fix,
            )


@rule(
    id="serverless-with-model-feature",
    title="The model of a serverless variant has nothing that serverless inference lacks",
    why="Many models in a container, pipelines, Marketplace packages, private registries, "
    "ModelDataSource and VPCs are on the list of what serverless endpoints lack.",
    fix="Take another model, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=(ConfigContext,),
    requires=("serverless_config",),
    facts=("SRV.MODEL_FEATURES", "SRV.NO_VPC", "MDL.DATA_SOURCE"),
)
def serverless_with_model_feature(subject: ConfigContext) -> Iterator[Violation]:
    for model in models_of(subject, subject.config.variants()):
        if isinstance(model.variant.serverless_config, ServerlessConfig):
            fix = "Take another model, or run the variant on instances."
            yield from _without(model, _NOT_SERVERLESS, "the variant is serverless", fix)


@rule(
    id="serverless-with-isolated-model",
    title="The model of a serverless variant is not isolated from the network",
    why="Network isolation is on the list of what serverless endpoints lack; that a model's "
    "is refused has not been seen.",
    fix="Take the isolation out of the model, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=(ConfigContext,),
    requires=("serverless_config",),
    severity=Severity.WARNING,
    facts=("SRV.NO_NET_ISOLATION",),
)
def serverless_with_isolated_model(subject: ConfigContext) -> Iterator[Violation]:
    for model in models_of(subject, subject.config.variants()):
        if (
            isinstance(model.variant.serverless_config, ServerlessConfig)
            and model.model.enable_network_isolation is True
        ):
            yield Violation(
                path=model.path,
                got=Words("a model with network isolation"),
                must="be a model without it because the variant is serverless",
                fix="Take the isolation out of the model, or run the variant on instances.",
            )


@rule(
    id="async-with-marketplace",
    title="An asynchronous endpoint has no model from AWS Marketplace",
    why="The service answers: Marketplace images are not supported when specifying an "
    "AsyncInferenceConfig.",
    fix="Take another model, or answer within the call.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/sagemaker-python-sdk/issues/3969",
    about=(ConfigContext,),
    requires=("async_inference_config",),
    facts=("ASY.NO_MARKETPLACE",),
)
def async_with_marketplace(subject: ConfigContext) -> Iterator[Violation]:
    if is_resolved(subject.config.async_inference_config):
        for model in models_of(subject, subject.config.variants()):
            fix = "Take another model, or answer within the call."
            what = "the endpoint is asynchronous"
            yield from _without(model, (_model_features.MARKETPLACE,), what, fix)


@rule(
    id="shadow-with-model-feature",
    title="A shadow test has models of one container for one model",
    why="With multi-model, multi-container or Marketplace models the service refuses it with "
    "a validation error.",
    fix="Take another model, or take the shadow variant out.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}shadow-tests-exclusions.html",
    about=(ConfigContext,),
    requires=("shadow_production_variants",),
    facts=("VAR.SHADOW_EXCLUSIONS",),
)
def shadow_with_model_feature(subject: ConfigContext) -> Iterator[Violation]:
    if subject.config.shadow():
        for model in models_of(subject, subject.config.variants()):
            fix = "Take another model, or take the shadow variant out."
            yield from _without(model, _NOT_SHADOWED, "the endpoint has a shadow test", fix)


@rule(
    id="multi-model-type-not-listed",
    title="A multi-model container runs on a type that the guide lists for it",
    why="The service answers for others: MultiModel mode is not supported for instance type. "
    "Types without accelerators all work.",
    fix="Take a listed GPU type, or a type without accelerators.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}multi-model-support.html",
    about=(ConfigContext,),
    severity=Severity.WARNING,
    facts=("MME.GPU_TYPES",),
)
def multi_model_type_not_listed(subject: ConfigContext) -> Iterator[Violation]:
    for model in models_of(subject, subject.config.variants()):
        if _model_features.MULTI_MODEL not in features_of(model.model):
            continue
        for path, name in model.types:
            if name not in _MULTI_MODEL_TYPES and InstanceType.of(name).accelerator is not None:
                yield Violation(
                    path=path,
                    got=name,
                    must="be a type without accelerators, or one with GPUs that the guide lists "
                    "for multi-model endpoints",
                    fix="Take for example ml.g5.xlarge, or a type without accelerators.",
                )


@rule(
    id="model-not-awaited",
    title="A configuration waits for the model that it names",
    why="CloudFormation makes both at once where nothing refers to the model, and then the "
    "service answers: Could not find model.",
    fix="Refer to the model's ModelName by Fn::GetAtt, or add DependsOn.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-sagemaker-model.html",
    about=(ConfigContext,),
    severity=Severity.WARNING,
    of_templates=True,
    facts=("NAM.MODEL_EXISTS",),
)
def model_not_awaited(subject: ConfigContext) -> Iterator[Violation]:
    for path, placed in subject.models.items():
        name = placed.model.model_name
        if not placed.is_dependency and is_string(name):
            reference = f'{{"Fn::GetAtt": ["{placed.logical_id}", "ModelName"]}}'
            yield Violation(
                path=path,
                got=name,
                must=f"be a reference to {placed.logical_id}, so that it is there first",
                fix=f"Take {reference}, or add DependsOn.",
            )


@rule(
    id="scaling-burstable-type",
    title="A variant that is scaled does not run on a burstable type",
    why="Burstable types cannot be scaled automatically, so that registering the target fails.",
    fix="Take a type that is not burstable, or take the scaling out.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}endpoint-auto-scaling-add-console.html",
    about=(ConfigContext,),
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
                must=f"be a type that is not burstable because {target.logical_id} scales the variant",
                fix="Take for example ml.m5.large, or take the scaling out.",
            )


RULES: Final = (
    serverless_with_model_feature,
    serverless_with_isolated_model,
    async_with_marketplace,
    shadow_with_model_feature,
    multi_model_type_not_listed,
    model_not_awaited,
    scaling_burstable_type,
)

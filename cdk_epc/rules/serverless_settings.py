"""Rules of settings that mean nothing on a serverless variant, and of traffic across regions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import EndpointConfigSpec, Path, ProductionVariant, ServerlessConfig
from cdk_epc.spec.unresolved import is_resolved

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html"
_EXPLAIN: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-online-explainability.html"
)
_STORAGE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/host-instance-storage.html"
_COMPONENT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html"
)
_API: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"
)
# What is about instances, machines or containers that one can reach. The weight is not among it:
# the SageMaker SDK always sends one.
_OF_INSTANCES: Final = (
    "managed_instance_scaling",
    "routing_config",
    "inference_ami_version",
    "capacity_reservation_config",
    "accelerator_partition_layouts",
    "core_dump_config",
    "enable_ssm_access",
    "variant_instance_provision_timeout_in_seconds",
    "model_data_download_timeout_in_seconds",
    "container_startup_health_check_timeout_in_seconds",
)


def _serverless(spec: EndpointConfigSpec) -> Iterator[tuple[Path, ProductionVariant]]:
    for path, variant in spec.variants():
        if isinstance(variant.serverless_config, ServerlessConfig):
            yield path, variant


@rule(
    id="serverless-with-explainer",
    title="A serverless endpoint has no explainer",
    why="The guide explains endpoints on instances only.",
    fix="Take the explainer out, or run the variant on instances.",
    evidence=Evidence.INFERRED,
    source_url=_EXPLAIN,
    requires=("explainer_config", "serverless_config"),
    severity=Severity.WARNING,
    eager=True,
    facts=("SRV.NO_EXPLAINER",),
)
def serverless_with_explainer(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.explainer_config) and any(True for _ in _serverless(spec)):
        yield Violation(
            path=("explainer_config",),
            got=Words("an explainer"),
            not_allowed="because explanations need a variant on instances",
            fix="Take the explainer out, or run the variant on instances.",
        )


@rule(
    id="serverless-with-volume",
    title="A serverless variant has no volume size",
    why="Its disk has 5 GB, whatever is asked for; volumes are attached to instances.",
    fix="Take the volume size out, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_STORAGE,
    requires=("serverless_config", "volume_size_in_gb"),
    severity=Severity.WARNING,
    eager=True,
    facts=("SRV.NO_VOLUME",),
)
def serverless_with_volume(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in _serverless(spec):
        if is_resolved(variant.volume_size_in_gb):
            yield Violation(
                path=(*path, "volume_size_in_gb"),
                got=variant.volume_size_in_gb,
                not_allowed="because the disk of a serverless variant has 5 GB",
                fix="Take the volume size out, or run the variant on instances.",
            )


@rule(
    id="serverless-with-instance-settings",
    title="A serverless variant has no settings of instances",
    why="There is no instance that they could hold for.",
    fix="Take them out, or run the variant on instances.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    requires=("serverless_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("SRV.NO_INSTANCE_EXTRAS",),
)
def serverless_with_instance_settings(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in _serverless(spec):
        for name in _OF_INSTANCES:
            value = getattr(variant, name)
            # Terraform sends EnableSSMAccess false with every variant, and it is taken.
            if value is not None and value is not False and is_resolved(value):
                yield Violation(
                    path=(*path, name),
                    got=value if isinstance(value, int | str) else Words("given"),
                    not_allowed="because a serverless variant has no instances",
                    fix="Take it out, or run the variant on instances.",
                )


@rule(
    id="serverless-model-missing",
    title="A serverless variant names a model",
    why="Without one it would wait for inference components, which need instances.",
    fix="Name the model.",
    evidence=Evidence.INFERRED,
    source_url=_COMPONENT,
    requires=("serverless_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("SRV.MODEL_REQUIRED",),
)
def serverless_model_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in _serverless(spec):
        if variant.model_name is None:
            yield Violation(
                path=(*path, "model_name"),
                got=None,
                must="be a model because inference components need instances",
                fix="Name the model, or run the variant on instances.",
            )


@rule(
    id="cross-region-not-real-time",
    title="Traffic across regions goes to a real-time endpoint on instances",
    why="The API does not support it for serverless and asynchronous endpoints.",
    fix="Take it out, or answer within the call on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    requires=("cross_region_traffic_config",),
    eager=True,
    facts=("SRV.CROSS_REGION",),
)
def cross_region_not_real_time(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if not is_resolved(spec.cross_region_traffic_config):
        return
    if is_resolved(spec.async_inference_config):
        kind = "an asynchronous endpoint"
    elif any(True for _ in _serverless(spec)):
        kind = "a serverless endpoint"
    else:
        return
    yield Violation(
        path=("cross_region_traffic_config",),
        got=Words("traffic across regions"),
        not_allowed=f"because {kind} gets none",
        fix="Take it out, or answer within the call on instances.",
    )


RULES: Final = (
    serverless_with_explainer,
    serverless_with_volume,
    serverless_with_instance_settings,
    serverless_model_missing,
    cross_region_not_real_time,
)

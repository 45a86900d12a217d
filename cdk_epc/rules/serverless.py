"""Rules of serverless variants: memory, concurrency, and features that they do not support."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    DataCaptureConfig,
    EndpointConfigSpec,
    Path,
    ProductionVariant,
    ServerlessConfig,
)
from cdk_epc.spec.unresolved import is_integer, is_resolved

_REFERENCE: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
_DEVELOPER_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_GUIDE: Final = f"{_DEVELOPER_GUIDE}serverless-endpoints.html"
_CONFIG: Final = f"{_REFERENCE}API_ProductionVariantServerlessConfig.html"
_VARIANT: Final = f"{_REFERENCE}API_ProductionVariant.html"
_COMPONENT: Final = f"{_REFERENCE}API_CreateInferenceComponent.html"
_EXPLAIN: Final = f"{_DEVELOPER_GUIDE}clarify-online-explainability.html"
_STORAGE: Final = f"{_DEVELOPER_GUIDE}host-instance-storage.html"
_RFC: Final = "https://github.com/aws/aws-cdk-rfcs/blob/main/text/0431-sagemaker-l2-endpoint.md"

_MEMORY_STEP: Final = 1024
# Members that configure instances or their containers. The weight is not one of them, because the
# SageMaker SDK sends a weight with every variant.
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


def serverless_variants(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ProductionVariant, ServerlessConfig]]:
    """Yield each serverless variant with its path and its serverless configuration."""
    for path, variant in spec.variants():
        if isinstance(variant.serverless_config, ServerlessConfig):
            yield path, variant, variant.serverless_config


def _is_serverless(spec: EndpointConfigSpec) -> bool:
    return any(True for _ in serverless_variants(spec))


def _unsupported(member: str, got: object) -> Violation:
    """Return the violation of a feature that serverless endpoints do not support."""
    return Violation(
        path=(member,),
        got=got,
        not_allowed="on a serverless endpoint",
        fix=f"Remove `{member}`, or run the variant on instances.",
    )


@rule(
    id="serverless-memory-step",
    title="Serverless memory must be a multiple of 1024 MB",
    why="SageMaker offers six memory sizes; the schema only declares the minimum and the maximum.",
    fix="Use 1024, 2048, 3072, 4096, 5120 or 6144 MB.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONFIG,
    requires=("serverless_config",),
    eager=True,
    facts=("SRV.MEM_STEP",),
)
def serverless_memory_step(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, serverless in serverless_variants(spec):
        memory = serverless.memory_size_in_mb
        if not is_integer(memory):
            continue
        steps, rest = divmod(memory, _MEMORY_STEP)
        # value-out-of-range reports a size beyond the minimum or the maximum.
        if steps in range(1, 6) and rest:
            yield Violation(
                path=(*path, "serverless_config", "memory_size_in_mb"),
                got=memory,
                must="be 1024, 2048, 3072, 4096, 5120 or 6144 MB",
                fix=f"Use {steps * _MEMORY_STEP} or {(steps + 1) * _MEMORY_STEP} MB.",
            )


@rule(
    id="serverless-provisioned-too-large",
    title="Provisioned concurrency must not exceed the maximum concurrency",
    why="SageMaker cannot provision more concurrency than the variant may use.",
    fix="Lower the provisioned concurrency, or raise the maximum concurrency.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONFIG,
    requires=("serverless_config",),
    eager=True,
    facts=("SRV.PROVISIONED_LE_MAX",),
)
def serverless_provisioned_too_large(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, serverless in serverless_variants(spec):
        provisioned, maximum = serverless.provisioned_concurrency, serverless.max_concurrency
        if is_integer(provisioned) and is_integer(maximum) and provisioned > maximum:
            yield Violation(
                path=(*path, "serverless_config", "provisioned_concurrency"),
                got=provisioned,
                must=f"not exceed `max_concurrency` ({shown(maximum)})",
                fix="Lower `provisioned_concurrency`, or raise `max_concurrency`.",
            )


@rule(
    id="serverless-with-instances",
    title="A serverless variant must not have instances",
    why="The serverless configuration replaces the instance configuration.",
    fix="Remove the instance settings, or remove the serverless configuration to use instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_VARIANT,
    requires=("serverless_config",),
    eager=True,
    facts=("SRV.XOR_INSTANCE",),
)
def serverless_with_instances(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, _ in serverless_variants(spec):
        for name in ("instance_type", "initial_instance_count", "instance_pools"):
            if is_resolved(value := getattr(variant, name)):
                yield Violation(
                    path=(*path, name),
                    got=Words("instance pools") if isinstance(value, tuple) else value,
                    not_allowed="on a serverless variant",
                    fix=f"Remove `{name}`, or remove `serverless_config` to use instances.",
                )


@rule(
    id="serverless-several-variants",
    title="A serverless variant must be the only production variant",
    why="A serverless endpoint cannot split traffic between variants.",
    fix="Move the other variants to other configurations.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("serverless_config",),
    eager=True,
    facts=("SRV.SINGLE_VARIANT",),
)
def serverless_several_variants(spec: EndpointConfigSpec) -> Iterator[Violation]:
    variants = spec.production()
    if len(variants) > 1 and any(
        isinstance(variant.serverless_config, ServerlessConfig) for _, variant in variants
    ):
        yield Violation(
            path=("production_variants",),
            got=Words(f"{len(variants)} variants"),
            must="have only one because a serverless endpoint cannot split traffic",
            fix="Move the other variants to other configurations.",
        )


@rule(
    id="serverless-with-data-capture",
    title="Data capture must not be used on a serverless endpoint",
    why="The guide lists data capture among the features that serverless endpoints do not support.",
    fix="Remove the data capture, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("data_capture_config", "serverless_config"),
    eager=True,
    facts=("SRV.NO_DATA_CAPTURE",),
)
def serverless_with_data_capture(spec: EndpointConfigSpec) -> Iterator[Violation]:
    capture = spec.data_capture_config
    # No refusal of disabled data capture is on record.
    if (
        isinstance(capture, DataCaptureConfig)
        and (capture.enable_capture is None or capture.enable_capture is True)
        and _is_serverless(spec)
    ):
        yield _unsupported("data_capture_config", Words("data capture"))


@rule(
    id="serverless-with-vpc",
    title="A VPC must not be used for a serverless endpoint",
    why="The guide lists VPC configuration among the features that serverless endpoints do not "
    "support.",
    fix="Remove the VPC, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("vpc_config", "serverless_config"),
    eager=True,
    facts=("SRV.NO_VPC",),
)
def serverless_with_vpc(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.vpc_config) and _is_serverless(spec):
        yield _unsupported("vpc_config", Words("a VPC"))


@rule(
    id="serverless-with-network-isolation",
    title="Network isolation must not be used on a serverless endpoint",
    why="The guide lists network isolation among the features that serverless endpoints do not "
    "support.",
    fix="Remove the network isolation, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("enable_network_isolation", "serverless_config"),
    eager=True,
    facts=("SRV.NO_NET_ISOLATION",),
)
def serverless_with_network_isolation(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.enable_network_isolation is True and _is_serverless(spec):
        yield _unsupported("enable_network_isolation", got=True)


@rule(
    id="serverless-with-async",
    title="Asynchronous inference must not be used on a serverless endpoint",
    why="Asynchronous endpoints run on instances.",
    fix="Remove the asynchronous inference, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_RFC,
    requires=("async_inference_config", "serverless_config"),
    eager=True,
    facts=("SRV.NO_ASYNC",),
)
def serverless_with_async(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.async_inference_config) and _is_serverless(spec):
        yield _unsupported("async_inference_config", Words("asynchronous inference"))


@rule(
    id="serverless-with-explainer",
    title="An explainer should not be used on a serverless endpoint",
    why="The guide describes online explanations for variants on instances only.",
    fix="Remove the explainer, or run the variant on instances.",
    evidence=Evidence.INFERRED,
    source_url=_EXPLAIN,
    requires=("explainer_config", "serverless_config"),
    severity=Severity.WARNING,
    eager=True,
    facts=("SRV.NO_EXPLAINER",),
)
def serverless_with_explainer(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.explainer_config) and _is_serverless(spec):
        yield _unsupported("explainer_config", Words("an explainer"))


@rule(
    id="serverless-with-volume",
    title="A volume size should not be set for a serverless variant",
    why="The disk of a serverless variant always has 5 GB, because SageMaker attaches volumes to "
    "instances only.",
    fix="Remove the volume size, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_STORAGE,
    requires=("serverless_config", "volume_size_in_gb"),
    severity=Severity.WARNING,
    eager=True,
    facts=("SRV.NO_VOLUME",),
)
def serverless_with_volume(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, _ in serverless_variants(spec):
        if is_resolved(variant.volume_size_in_gb):
            yield Violation(
                path=(*path, "volume_size_in_gb"),
                got=variant.volume_size_in_gb,
                not_allowed="on a serverless variant, whose disk always has 5 GB",
                fix="Remove `volume_size_in_gb`, or run the variant on instances.",
            )


@rule(
    id="serverless-with-instance-settings",
    title="Settings of instances should not be used on a serverless variant",
    why="The settings have no effect, because a serverless variant has no instances.",
    fix="Remove the settings, or run the variant on instances.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    requires=("serverless_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("SRV.NO_INSTANCE_EXTRAS",),
)
def serverless_with_instance_settings(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, _ in serverless_variants(spec):
        for name in _OF_INSTANCES:
            value = getattr(variant, name)
            # Terraform sends EnableSSMAccess false with every variant, and SageMaker accepts it.
            if value is not None and value is not False and is_resolved(value):
                yield Violation(
                    path=(*path, name),
                    got=value if isinstance(value, int | str) else Words("given"),
                    not_allowed="on a serverless variant because it has no instances",
                    fix=f"Remove `{name}`, or run the variant on instances.",
                )


@rule(
    id="serverless-model-missing",
    title="A serverless variant should have a model",
    why="A variant without a model hosts inference components, which require instances.",
    fix="Set the model.",
    evidence=Evidence.INFERRED,
    source_url=_COMPONENT,
    requires=("serverless_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("SRV.MODEL_REQUIRED",),
)
def serverless_model_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, _ in serverless_variants(spec):
        if variant.model_name is None:
            yield Violation(
                path=(*path, "model_name"),
                required="on a serverless variant because inference components require instances",
                fix="Set `model_name`, or run the variant on instances.",
            )


RULES: Final = (
    serverless_memory_step,
    serverless_provisioned_too_large,
    serverless_with_instances,
    serverless_several_variants,
    serverless_with_data_capture,
    serverless_with_vpc,
    serverless_with_network_isolation,
    serverless_with_async,
    serverless_with_explainer,
    serverless_with_volume,
    serverless_with_instance_settings,
    serverless_model_missing,
)

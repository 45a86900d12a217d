"""Rules of serverless variants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Evidence, Violation, Words, rule
from cdk_epc.spec import (
    DataCaptureConfig,
    EndpointConfigSpec,
    Path,
    ProductionVariant,
    ServerlessConfig,
)
from cdk_epc.spec.unresolved import is_integer, is_resolved

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html"
_CONFIG: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_ProductionVariantServerlessConfig.html"
)
_VARIANT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
)
_SHADOW: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-exclusions.html"

_MEMORY_STEP: Final = 1024


def _serverless(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ProductionVariant, ServerlessConfig]]:
    for path, variant in spec.variants():
        if isinstance(variant.serverless_config, ServerlessConfig):
            yield path, variant, variant.serverless_config


def _is_serverless(spec: EndpointConfigSpec) -> bool:
    return any(True for _ in _serverless(spec))


@rule(
    id="serverless-memory-step",
    title="Serverless memory comes in steps of 1024 MB",
    why="The service knows six sizes; the schema only knows the least and the greatest.",
    fix="Take 1024, 2048, 3072, 4096, 5120 or 6144 MB.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONFIG,
    requires=("serverless_config",),
    eager=True,
    facts=("SRV.MEM_STEP",),
)
def serverless_memory_step(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, serverless in _serverless(spec):
        memory = serverless.memory_size_in_mb
        if not is_integer(memory):
            continue
        steps, rest = divmod(memory, _MEMORY_STEP)
        # What is beyond these is refused for its range.
        if steps in range(1, 6) and rest:
            yield Violation(
                path=(*path, "serverless_config", "memory_size_in_mb"),
                got=memory,
                must="be 1024, 2048, 3072, 4096, 5120 or 6144 MB",
                fix=f"Take {steps * _MEMORY_STEP} or {(steps + 1) * _MEMORY_STEP} MB.",
            )


@rule(
    id="serverless-provisioned-too-large",
    title="Provisioned concurrency does not exceed the maximum concurrency",
    why="No more can be kept warm than may run.",
    fix="Lower the provisioned concurrency or raise the maximum.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONFIG,
    requires=("serverless_config",),
    eager=True,
    facts=("SRV.PROVISIONED_LE_MAX",),
)
def serverless_provisioned_too_large(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, serverless in _serverless(spec):
        provisioned, most = serverless.provisioned_concurrency, serverless.max_concurrency
        if is_integer(provisioned) and is_integer(most) and provisioned > most:
            yield Violation(
                path=(*path, "serverless_config", "provisioned_concurrency"),
                got=provisioned,
                must=f"be at most the maximum concurrency, which is {shown(most)}",
                fix="Lower the provisioned concurrency or raise the maximum.",
            )


@rule(
    id="serverless-with-instances",
    title="A serverless variant has no instances",
    why="ServerlessConfig stands instead of an instance configuration.",
    fix="Take the instance settings out, or take the serverless settings out to run on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_VARIANT,
    requires=("serverless_config",),
    eager=True,
    facts=("SRV.XOR_INSTANCE",),
)
def serverless_with_instances(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, _ in _serverless(spec):
        for name in ("instance_type", "initial_instance_count", "instance_pools"):
            if is_resolved(value := getattr(variant, name)):
                yield Violation(
                    path=(*path, name),
                    got=Words("instance pools") if isinstance(value, tuple) else value,
                    not_allowed="because the variant is serverless",
                    fix="Take it out, or take the serverless settings out to run on instances.",
                )


@rule(
    id="serverless-several-variants",
    title="A serverless variant is the only production variant",
    why="Serverless endpoints do not split traffic.",
    fix="Give the other variants configurations of their own.",
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
            must="be one variant because a serverless endpoint has no other",
            fix="Give the other variants configurations of their own.",
        )


@rule(
    id="serverless-with-data-capture",
    title="A serverless endpoint captures no data",
    why="Data capture is on the list of what serverless endpoints lack.",
    fix="Take the data capture out, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("data_capture_config", "serverless_config"),
    eager=True,
    facts=("SRV.NO_DATA_CAPTURE",),
)
def serverless_with_data_capture(spec: EndpointConfigSpec) -> Iterator[Violation]:
    capture = spec.data_capture_config
    # Whether a block that is switched off is refused as well has never been seen.
    if (
        isinstance(capture, DataCaptureConfig)
        and (capture.enable_capture is None or capture.enable_capture is True)
        and _is_serverless(spec)
    ):
        yield Violation(
            path=("data_capture_config",),
            got=Words("data capture"),
            not_allowed="because serverless endpoints capture no data",
            fix="Take the data capture out, or run the variant on instances.",
        )


@rule(
    id="serverless-with-vpc",
    title="A serverless endpoint has no VPC",
    why="VPC configuration is on the list of what serverless endpoints lack.",
    fix="Take the VPC out, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("vpc_config", "serverless_config"),
    eager=True,
    facts=("SRV.NO_VPC",),
)
def serverless_with_vpc(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.vpc_config) and _is_serverless(spec):
        yield Violation(
            path=("vpc_config",),
            got=Words("a VPC"),
            not_allowed="because serverless endpoints have no VPC",
            fix="Take the VPC out, or run the variant on instances.",
        )


@rule(
    id="serverless-with-network-isolation",
    title="A serverless endpoint has no network isolation",
    why="Network isolation is on the list of what serverless endpoints lack.",
    fix="Take the isolation out, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("enable_network_isolation", "serverless_config"),
    eager=True,
    facts=("SRV.NO_NET_ISOLATION",),
)
def serverless_with_network_isolation(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.enable_network_isolation is True and _is_serverless(spec):
        yield Violation(
            path=("enable_network_isolation",),
            got=True,
            must="be false because serverless endpoints cannot be isolated",
            fix="Take the isolation out, or run the variant on instances.",
        )


@rule(
    id="serverless-with-async",
    title="A serverless endpoint is not asynchronous",
    why="Asynchronous endpoints run on instances.",
    fix="Take the asynchronous inference out, or run the variant on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://github.com/aws/aws-cdk-rfcs/blob/main/text/0431-sagemaker-l2-endpoint.md",
    requires=("async_inference_config", "serverless_config"),
    eager=True,
    facts=("SRV.NO_ASYNC",),
)
def serverless_with_async(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.async_inference_config) and _is_serverless(spec):
        yield Violation(
            path=("async_inference_config",),
            got=Words("asynchronous inference"),
            not_allowed="because serverless endpoints only answer within the call",
            fix="Take the asynchronous inference out, or run the variant on instances.",
        )


@rule(
    id="shadow-with-serverless",
    title="A shadow test has no serverless variant",
    why="The service refuses it with a validation error.",
    fix="Run both variants on instances, or take the shadow variant out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SHADOW,
    requires=("shadow_production_variants", "serverless_config"),
    eager=True,
    facts=("SRV.NO_SHADOW", "VAR.SHADOW_EXCLUSIONS"),
)
def shadow_with_serverless(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.shadow():
        for path, _, _ in _serverless(spec):
            yield Violation(
                path=(*path, "serverless_config"),
                got=Words("a serverless variant"),
                must="be variants on instances because a shadow test has no serverless ones",
                fix="Run both variants on instances, or take the shadow variant out.",
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
    shadow_with_serverless,
)

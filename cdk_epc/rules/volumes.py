"""Rules of volumes: their size on types that bring a disk, and the key that encrypts them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog import instances
from cdk_epc.rules.instances import VOLUME_REFUSED
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import (
    AsyncInferenceConfig,
    AsyncInferenceOutputConfig,
    CoreDumpConfig,
    DataCaptureConfig,
    EndpointConfigSpec,
    InstancePool,
)
from cdk_epc.spec.endpoint_config import instance_types_of
from cdk_epc.spec.unresolved import is_resolved, items_of

_STORAGE: Final = "https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html"
_SDK: Final = "https://github.com/aws/sagemaker-python-sdk/pull/4828"
_CONFIG_RULE: Final = (
    "https://docs.aws.amazon.com/config/latest/developerguide/"
    "sagemaker-endpoint-configuration-kms-key-configured.html"
)


@rule(
    id="volume-with-local-storage-unproven",
    title="A newer type with local storage takes no volume size",
    why="Other families with local storage refuse it; of this one nobody has been seen to try.",
    fix="Take the volume size out, or try the deployment first.",
    evidence=Evidence.INFERRED,
    source_url=_STORAGE,
    requires=("volume_size_in_gb",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VOL.NVME_UNPROVEN",),
)
def volume_with_local_storage_unproven(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in spec.variants():
        name = variant.instance_type
        if (
            is_resolved(variant.volume_size_in_gb)
            and isinstance(name, str)
            and instances.family_has_local_nvme(name)
            and name.split(".")[1] not in VOLUME_REFUSED
        ):
            yield Violation(
                path=(*path, "volume_size_in_gb"),
                got=variant.volume_size_in_gb,
                not_allowed=f"because {name} has local storage",
                fix="Take the volume size out, or try the deployment first.",
            )


@rule(
    id="volume-with-local-storage-in-pool",
    title="Pools with local storage take no volume size",
    why="A type with local storage refuses a volume size where it stands alone.",
    fix="Take the volume size out, or the types with local storage.",
    evidence=Evidence.INFERRED,
    source_url=_SDK,
    requires=("instance_pools", "volume_size_in_gb"),
    severity=Severity.WARNING,
    eager=True,
    facts=("VOL.POOL_MIX",),
)
def volume_with_local_storage_in_pool(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in spec.variants():
        if not is_resolved(variant.volume_size_in_gb):
            continue
        for pool in items_of(variant.instance_pools):
            name = pool.instance_type if isinstance(pool, InstancePool) else None
            if isinstance(name, str) and instances.family_has_local_nvme(name):
                yield Violation(
                    path=(*path, "volume_size_in_gb"),
                    got=variant.volume_size_in_gb,
                    not_allowed=f"because {name} of the pools has local storage",
                    fix="Take the volume size out, or the type.",
                )
                break


def _keys(spec: EndpointConfigSpec) -> Iterator[str]:
    """Where the configuration names a key for something else than the volumes."""
    capture, given = spec.data_capture_config, spec.async_inference_config
    if isinstance(capture, DataCaptureConfig) and capture.kms_key_id:
        yield "the captured data"
    output = given.output_config if isinstance(given, AsyncInferenceConfig) else None
    if isinstance(output, AsyncInferenceOutputConfig) and output.kms_key_id:
        yield "the answers"
    for _, variant in spec.variants():
        dump = variant.core_dump_config
        if isinstance(dump, CoreDumpConfig) and dump.kms_key_id:
            yield "the core dumps"


@rule(
    id="kms-key-missing",
    title="Who encrypts the data with a key does so on the volumes, too",
    why="Without a key, SageMaker encrypts the volumes with a transient one, which is under "
    "nobody's policy.",
    fix="Give the configuration a key for its volumes.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONFIG_RULE,
    severity=Severity.WARNING,
    facts=("KMS.MISSING",),
)
def kms_key_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.kms_key_id is not None or (encrypted := next(_keys(spec), None)) is None:
        return
    types = [
        instances.family_has_local_nvme(name)
        for path, variant in spec.variants()
        if variant.serverless_config is None
        for _, name in instance_types_of(path, variant)
    ]
    # With local storage among them, a key would be refused.
    if types and not any(types) and None not in types:
        yield Violation(
            path=("kms_key_id",),
            got=None,
            must=f"be a key, as for {encrypted}",
            fix="Give the key of the volumes, too.",
        )


RULES: Final = (
    volume_with_local_storage_unproven,
    volume_with_local_storage_in_pool,
    kms_key_missing,
)

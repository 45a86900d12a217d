"""Rules of storage volumes: sizes and encryption keys on instances with local storage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog import instances
from cdk_epc.rules.instances import family_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import (
    AsyncInferenceConfig,
    AsyncInferenceOutputConfig,
    CoreDumpConfig,
    DataCaptureConfig,
    EndpointConfigSpec,
    InstancePool,
    Path,
)
from cdk_epc.spec.endpoint_config import instance_types_of
from cdk_epc.spec.unresolved import is_resolved, is_set, items_of

_CFN: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-sagemaker-endpointconfig.html"
)
_SDK: Final = "https://github.com/aws/sagemaker-python-sdk/pull/4828"
_STORAGE: Final = "https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html"
_CONFIG_RULE: Final = (
    "https://docs.aws.amazon.com/config/latest/developerguide/"
    "sagemaker-endpoint-configuration-kms-key-configured.html"
)
# SageMaker was seen to refuse a volume size for these families, or AWS's SDK says that it does.
# A refusal is likely, but not on record, for the other families with local NVMe storage.
_SIZE_REFUSED: Final = frozenset(
    {"m5d", "c5d", "r5d", "m6gd", "c6gd", "r6gd", "r7gd", "g4dn", "g5", "g6", "g6e", "dl1"}
    | {"p4d", "p4de", "p5", "p5e", "p5en", "trn1", "trn1n"}
)


@rule(
    id="kms-key-with-local-storage",
    title="A KMS key must not be used with instances that have local NVMe storage",
    why="CloudFormation's reference says that the call fails, and it was seen to fail. The newest "
    "text of the API reference only says that the key does not encrypt local storage.",
    fix="Remove the key, because the hardware encrypts local storage, or use an instance type "
    "without local storage.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CFN,
    requires=("kms_key_id",),
    eager=True,
    facts=("KMS.NVME",),
)
def kms_key_with_local_storage(spec: EndpointConfigSpec) -> Iterator[Violation]:
    key = spec.kms_key_id
    if not is_set(key) or key == "":
        return
    for _, name in spec.instance_types():
        if instances.family_has_local_nvme(name):
            yield Violation(
                path=("kms_key_id",),
                got=key,
                not_allowed=f"with {name}, which has local NVMe storage",
                fix="Remove `kms_key_id`, because the hardware encrypts local storage, or use an "
                "instance type without local storage. AWS's newest text only says that the key "
                "does not encrypt local storage: where a policy demands a key, acknowledge "
                "kms-key-with-local-storage.",
            )
            return


def _sized(spec: EndpointConfigSpec) -> Iterator[tuple[Path, int, str]]:
    """Yield the path, the volume size and the instance type of each variant that has both."""
    for path, variant in spec.variants():
        size, name = variant.volume_size_in_gb, variant.instance_type
        if is_resolved(size) and isinstance(name, str) and is_resolved(name):
            yield (*path, "volume_size_in_gb"), size, name


@rule(
    id="volume-with-local-storage",
    title="A volume size must not be set for instances with local storage",
    why="SageMaker refuses it: VolumeSize parameter is not allowed for the selected Instance type.",
    fix="Remove the volume size, or use an instance type without local storage.",
    evidence=Evidence.REAL_ERROR,
    source_url=_SDK,
    requires=("volume_size_in_gb",),
    eager=True,
    facts=("VOL.NVME_REJECTED",),
)
def volume_with_local_storage(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, size, name in _sized(spec):
        if family_of(name) in _SIZE_REFUSED:
            yield Violation(
                path=path,
                got=size,
                not_allowed=f"with {name}, which has local storage of a fixed size",
                fix="Remove `volume_size_in_gb`, or use an instance type without local storage.",
            )


@rule(
    id="volume-with-local-storage-unproven",
    title="A volume size should not be set for newer instance types with local storage",
    why="SageMaker refuses it for other families with local storage; for this family no attempt "
    "is on record.",
    fix="Remove the volume size, or test the deployment first.",
    evidence=Evidence.INFERRED,
    source_url=_STORAGE,
    requires=("volume_size_in_gb",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VOL.NVME_UNPROVEN",),
)
def volume_with_local_storage_unproven(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, size, name in _sized(spec):
        if instances.family_has_local_nvme(name) and name.split(".")[1] not in _SIZE_REFUSED:
            yield Violation(
                path=path,
                got=size,
                not_allowed=f"with {name}, which has local storage",
                fix="Remove `volume_size_in_gb`, or test the deployment first.",
            )


@rule(
    id="volume-with-local-storage-in-pool",
    title="A volume size should not be set for instance pools with local storage",
    why="SageMaker refuses the size for a variant of such a type; for pools no attempt is on "
    "record.",
    fix="Remove the volume size, or the pools with local storage.",
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
                    not_allowed=f"with a pool of {name}, which has local storage",
                    fix="Remove `volume_size_in_gb`, or the pools with local storage.",
                )
                break


def _encrypted_data(spec: EndpointConfigSpec) -> Iterator[str]:
    """Yield a phrase for each kind of data, except the volumes, that is encrypted with a key."""
    capture, given = spec.data_capture_config, spec.async_inference_config
    if isinstance(capture, DataCaptureConfig) and capture.kms_key_id:
        yield "the captured data"
    output = given.output_config if isinstance(given, AsyncInferenceConfig) else None
    if isinstance(output, AsyncInferenceOutputConfig) and output.kms_key_id:
        yield "the responses"
    for _, variant in spec.variants():
        dump = variant.core_dump_config
        if isinstance(dump, CoreDumpConfig) and dump.kms_key_id:
            yield "the core dumps"


@rule(
    id="kms-key-missing",
    title="A configuration that encrypts other data with a KMS key should encrypt its volumes too",
    why="Without a key, SageMaker encrypts the volumes with a transient key, which no key policy "
    "controls.",
    fix="Set a key for the volumes.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONFIG_RULE,
    severity=Severity.WARNING,
    facts=("KMS.MISSING",),
)
def kms_key_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.kms_key_id is not None or (data := next(_encrypted_data(spec), None)) is None:
        return
    have_local_storage = [
        instances.family_has_local_nvme(name)
        for path, variant in spec.variants()
        if variant.serverless_config is None
        for _, name in instance_types_of(path, variant)
    ]
    # With local storage, SageMaker would refuse the key.
    if have_local_storage and not any(have_local_storage) and None not in have_local_storage:
        yield Violation(
            path=("kms_key_id",),
            required=f"for the volumes because a key also encrypts {data}",
            fix="Set `kms_key_id` to the key for the volumes.",
        )


RULES: Final = (
    kms_key_with_local_storage,
    volume_with_local_storage,
    volume_with_local_storage_in_pool,
)
PEDANTIC: Final = (volume_with_local_storage_unproven, kms_key_missing)
"""Rules of the pack `pedantic`."""

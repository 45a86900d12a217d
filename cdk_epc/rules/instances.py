"""Rules of instance types: whether SageMaker hosts on them, and what their disks allow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from cdk_epc.catalog import instances
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import EndpointConfigSpec, InferenceComponentSpec
from cdk_epc.spec.unresolved import is_resolved, is_set

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
_KMS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-sagemaker-endpointconfig.html"
)
_SDK: Final = "https://github.com/aws/sagemaker-python-sdk/pull/4828"
_TYPED: Final = (EndpointConfigSpec, InferenceComponentSpec)
_FORM: Final = re.compile(r"ml\.[a-z0-9-]+\.[a-z0-9]+", re.ASCII)

# Families that the service has been seen, or is said by AWS's own SDK, to refuse a volume for.
# Other families with local NVMe storage are likely to be refused too, but that is not proven.
VOLUME_REFUSED: Final = frozenset(
    {"m5d", "c5d", "r5d", "m6gd", "c6gd", "r6gd", "r7gd", "g4dn", "g5", "g6", "g6e", "dl1"}
    | {"p4d", "p4de", "p5", "p5e", "p5en", "trn1", "trn1n"}
)


@rule(
    id="instance-type-malformed",
    title="An instance type reads ml.<family>.<size>",
    why="'local' and 'local_gpu' are words of the SageMaker SDK; EC2's names lack the 'ml.'.",
    fix="Write the type as SageMaker does, for example ml.m5.large.",
    evidence=Evidence.REAL_ERROR,
    source_url=_API,
    about=_TYPED,
    eager=True,
    facts=("INS.MALFORMED", "TYP.NOT_IN_ENUM"),
)
def instance_type_malformed(
    spec: EndpointConfigSpec | InferenceComponentSpec,
) -> Iterator[Violation]:
    for path, name in spec.instance_types():
        if not _FORM.fullmatch(name):
            known = get_close_matches(f"ml.{name.removeprefix('ml.')}", instances.HOSTING_TYPES)
            yield Violation(
                path=path,
                got=name,
                must="be ml.<family>.<size> because example ml.m5.large",
                fix=f"Did you mean {known[0]}?"
                if known
                else "Take one of InstanceType's constants.",
            )


@rule(
    id="instance-type-not-for-hosting",
    title="The instance type is one that SageMaker hosts on",
    why="Some types exist for notebooks, training or processing only.",
    fix="Take a type that SageMaker hosts on, for example ml.t2.medium for ml.t3.medium.",
    evidence=Evidence.REAL_ERROR,
    source_url=_API,
    about=_TYPED,
    eager=True,
    facts=("INS.OTHER_SERVICE", "TYP.NOT_IN_ENUM"),
)
def instance_type_not_for_hosting(
    spec: EndpointConfigSpec | InferenceComponentSpec,
) -> Iterator[Violation]:
    for path, name in spec.instance_types():
        if others := instances.other_service_enums(name):
            yield Violation(
                path=path,
                got=name,
                must=f"be a type for hosting; the API lists this one for {', '.join(others)} only",
                fix="Take one of InstanceType's constants.",
            )


@rule(
    id="instance-type-unknown",
    title="The instance type is in the catalogue",
    why="It may be newer than this library, or mistyped; SageMaker refuses the latter.",
    fix="Check the spelling; if the type is new, acknowledge the warning.",
    evidence=Evidence.INFERRED,
    source_url=_API,
    about=_TYPED,
    severity=Severity.WARNING,
    facts=("INS.UNKNOWN",),
)
def instance_type_unknown(spec: EndpointConfigSpec | InferenceComponentSpec) -> Iterator[Violation]:
    for path, name in spec.instance_types():
        if (
            _FORM.fullmatch(name)
            and not instances.is_hosting_type(name)
            and not instances.other_service_enums(name)
        ):
            yield Violation(
                path=path,
                got=name,
                must="be a type that was published when this library was made",
                fix="Check the spelling; if the type is new, acknowledge instance-type-unknown.",
            )


@rule(
    id="kms-key-with-local-storage",
    title="Instances with local NVMe storage take no KMS key",
    why="CloudFormation's reference says the call fails, and it has been seen to; the newest "
    "text of the API only says that the key does not encrypt that storage.",
    fix="Take the key out, for such storage is encrypted by its own hardware, or take a "
    "type without local storage.",
    evidence=Evidence.DOCUMENTED,
    source_url=_KMS,
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
                not_allowed=f"because {name} has local NVMe storage",
                fix="Take the key out (such storage is encrypted by its own hardware), or take a "
                "type without local storage.",
            )
            return


@rule(
    id="volume-with-local-storage",
    title="Instances with local storage take no volume size",
    why="The service answers: VolumeSize parameter is not allowed for the selected Instance type.",
    fix="Take the volume size out, or take a type without local storage.",
    evidence=Evidence.REAL_ERROR,
    source_url=_SDK,
    requires=("volume_size_in_gb",),
    eager=True,
    facts=("VOL.NVME_REJECTED",),
)
def volume_with_local_storage(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in spec.variants():
        name = variant.instance_type
        if (
            is_resolved(variant.volume_size_in_gb)
            and isinstance(name, str)
            and is_resolved(name)
            and _FORM.fullmatch(name)
            and name.split(".")[1] in VOLUME_REFUSED
        ):
            yield Violation(
                path=(*path, "volume_size_in_gb"),
                got=variant.volume_size_in_gb,
                not_allowed=f"because {name} has local storage of a fixed size",
                fix="Take the volume size out.",
            )


RULES: Final = (
    instance_type_malformed,
    instance_type_not_for_hosting,
    instance_type_unknown,
    kms_key_with_local_storage,
    volume_with_local_storage,
)

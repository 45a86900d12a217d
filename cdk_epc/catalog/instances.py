"""Instance types of SageMaker endpoints, with facts about each.

The import creates the constants and reads no data; the facts are read at their first use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, Literal, TypedDict, cast, final

from attrs import frozen

from cdk_epc._records import Record
from cdk_epc.catalog._instance_constants import NAMES, InstanceTypeConstants
from cdk_epc.catalog.data_files import load_data

AcceleratorKind = Literal["gpu", "neuron", "gaudi"]
Architecture = Literal["x86_64", "arm64"]


@frozen(eq=False, repr=False)
class Accelerator(Record):
    """Accelerators of one instance.

    Attributes:
        kind: ``gpu``, ``neuron`` (AWS Inferentia and Trainium) or ``gaudi``.
        name: EC2's name of one accelerator, such as ``NVIDIA A10G`` or ``Trainium``.
        count: Number of accelerators.
        memory_mib: Memory of one accelerator in MiB; ``None`` if EC2's data do not have it.
        cores: Neuron cores of one accelerator, the physical ones; ``None`` for other kinds. By
            default, the driver joins the 8 cores of Trainium2 in pairs.
    """

    kind: AcceleratorKind
    name: str
    count: int
    memory_mib: int | None = None
    cores: int | None = None


@frozen(eq=False, repr=False)
class Facts(Record):
    """Facts about one instance type, from EC2. A GB is 10^9 bytes, a GiB 2^30 bytes."""

    vcpus: int
    memory_gib: float
    architecture: Architecture
    local_nvme_gb: int | None
    accelerator: Accelerator | None


class _AcceleratorRow(TypedDict):
    kind: AcceleratorKind
    name: str
    count: int
    memory_mib: int | None
    cores: int | None


class _FactsRow(TypedDict):
    vcpus: int
    memory_gib: float
    architecture: Architecture
    local_nvme_gb: int | None
    accelerator: _AcceleratorRow | None


@cache
def facts_by_type() -> Mapping[str, Facts]:
    """Return the facts of every hosting type by its name."""
    rows = cast("dict[str, _FactsRow]", _types_of("instances.json"))
    return {name: _facts(row) for name, row in rows.items()}


@cache
def enums_by_other_type() -> Mapping[str, tuple[str, ...]]:
    """Return the API enums with each type that SageMaker does not use for hosting."""
    rows = cast("dict[str, list[str]]", _types_of("other_services.json"))
    return {name: tuple(enums) for name, enums in rows.items()}


def _facts(row: _FactsRow) -> Facts:
    accelerator = row["accelerator"]
    return Facts(
        vcpus=row["vcpus"],
        memory_gib=float(row["memory_gib"]),
        architecture=row["architecture"],
        local_nvme_gb=row["local_nvme_gb"],
        accelerator=Accelerator(**accelerator) if accelerator else None,
    )


def _types_of(file: str) -> object:
    return _content_of(file)["types"]


def _content_of(file: str) -> dict[str, object]:
    return cast("dict[str, object]", load_data(file))


@cache
def edition() -> str:
    """Return the source of the published types and values, such as ``botocore 1.44.5``."""
    sources = cast("list[dict[str, str]]", _content_of("instances.json")["sources"])
    return sources[0]["source"].partition(",")[0]


# Every name in SageMaker's API model is in lower case. A CDK token contains "$" and "{".
_NAME = re.compile(r"ml\.([a-z0-9-]+)\.([a-z0-9-]+)")


def family_and_size(name: str) -> tuple[str, str] | None:
    """Return ``("m5", "xlarge")`` for ``ml.m5.xlarge``; ``None`` for a name of another form."""
    match = _NAME.fullmatch(name)
    return (match[1], match[2]) if match else None


HOSTING_TYPES: Final[tuple[str, ...]] = tuple(NAMES.values())
"""Instance types of production variants, in the order of SageMaker's API model."""

_HOSTING_TYPES = frozenset(HOSTING_TYPES)


def is_hosting_type(name: str) -> bool:
    """Return whether SageMaker's API model lists an instance type for production variants.

    The result is False for a type that is newer than the catalog and for a CDK token.
    """
    return name in _HOSTING_TYPES


def other_service_enums(name: str) -> tuple[str, ...]:
    """Return the enums of SageMaker's API model, except hosting's, that list an instance type.

    The result is ``("AppInstanceType",)`` for ``ml.t3.micro``, and empty for a hosting type and an
    unknown type.
    """
    return enums_by_other_type().get(name, ())


def family_has_local_nvme(instance_type: str) -> bool | None:
    """Return whether the family of ``ml.<family>.<size>`` has local NVMe storage.

    In every family of the catalog either all sizes have it or none (EC2, DescribeInstanceTypes,
    ``InstanceStorageInfo``; checked whenever the catalog is generated), so the result is also valid
    for a size that is newer than the catalog.

    Returns:
        ``None`` for an unknown family and for a name of another form, such as a token.
    """
    parts = family_and_size(instance_type)
    return _local_nvme_by_family().get(parts[0]) if parts else None


@cache
def _local_nvme_by_family() -> dict[str, bool]:
    families: dict[str, bool] = {}
    for name, facts in facts_by_type().items():
        if parts := family_and_size(name):
            families[parts[0]] = facts.local_nvme_gb is not None
    return families


@final
@frozen
class InstanceType(InstanceTypeConstants):
    """Instance type of an endpoint, equal to any other value with the same name.

    The known types are constants: ``InstanceType.ML_M5_XLARGE``. The facts come from EC2's
    DescribeInstanceTypes; ``instances.json`` in this package names the versions. They are ``None``
    for a type that is newer than the catalog and for a CDK token.

    Attributes:
        name: Name in SageMaker's API, such as ``ml.m5.xlarge``.
    """

    name: str

    @classmethod
    def of(cls, name: str) -> InstanceType:
        """Return the type of a name, which may be newer than the catalog or a CDK token.

        The name is not checked here; the rules check it.
        """
        return cls(name)

    def __str__(self) -> str:
        """Return the name in SageMaker's API."""
        return self.name

    @property
    def family(self) -> str | None:
        """Family: ``m5`` of ``ml.m5.xlarge``; ``None`` for a name of another form."""
        parts = family_and_size(self.name)
        return parts[0] if parts else None

    @property
    def size(self) -> str | None:
        """Size: ``xlarge`` of ``ml.m5.xlarge``; ``None`` for a name of another form."""
        parts = family_and_size(self.name)
        return parts[1] if parts else None

    @property
    def is_known(self) -> bool:
        """Whether the catalog has this type."""
        return is_hosting_type(self.name)

    @property
    def vcpus(self) -> int | None:
        """Number of vCPUs."""
        facts = self._facts
        return facts.vcpus if facts else None

    @property
    def memory_gib(self) -> float | None:
        """Main memory in GiB, as EC2 counts it."""
        facts = self._facts
        return facts.memory_gib if facts else None

    @property
    def architecture(self) -> Architecture | None:
        """Architecture of the CPU: ``x86_64`` or ``arm64``."""
        facts = self._facts
        return facts.architecture if facts else None

    @property
    def accelerator(self) -> Accelerator | None:
        """Accelerators; ``None`` for a type without accelerators and for an unknown type."""
        facts = self._facts
        return facts.accelerator if facts else None

    @property
    def gpus(self) -> int | None:
        """Number of GPUs; ``None`` for an unknown type."""
        facts = self._facts
        if facts is None:
            return None
        accelerator = facts.accelerator
        return accelerator.count if accelerator and accelerator.kind == "gpu" else 0

    @property
    def neuron_cores(self) -> int | None:
        """Number of physical Neuron cores; ``None`` for an unknown type."""
        facts = self._facts
        if facts is None:
            return None
        accelerator = facts.accelerator
        return accelerator.count * accelerator.cores if accelerator and accelerator.cores else 0

    @property
    def local_nvme_gb(self) -> int | None:
        """Total local NVMe storage in GB; ``None`` for a type without it or an unknown type."""
        facts = self._facts
        return facts.local_nvme_gb if facts else None

    @property
    def has_local_nvme(self) -> bool | None:
        """Whether the type has local NVMe storage; ``None`` for an unknown type."""
        facts = self._facts
        return facts.local_nvme_gb is not None if facts else None

    @property
    def _facts(self) -> Facts | None:
        return facts_by_type().get(self.name)


for _constant, _name in NAMES.items():
    setattr(InstanceType, _constant, InstanceType(_name))

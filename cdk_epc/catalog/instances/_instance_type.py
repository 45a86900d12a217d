"""The typed face of an instance type."""

from __future__ import annotations

from typing import final

from attrs import frozen

from cdk_epc.catalog.instances._catalogue import (
    Accelerator,
    Architecture,
    Facts,
    facts_by_type,
)
from cdk_epc.catalog.instances._constants import NAMES, InstanceTypeConstants
from cdk_epc.catalog.instances._lookup import is_hosting_type
from cdk_epc.catalog.instances._names import family_and_size


@final
@frozen
class InstanceType(InstanceTypeConstants):
    """An instance type to host an endpoint on, equal to any other of the same name.

    The known types are constants: ``InstanceType.ML_M5_XLARGE``. The facts come from EC2's
    DescribeInstanceTypes; ``catalogue.json`` beside this module names the versions. All of them are
    None for a type the catalogue does not know and for a CDK token.

    Attributes:
        name: The name in SageMaker's API, such as ``ml.m5.xlarge``.
    """

    name: str

    @classmethod
    def of(cls, name: str) -> InstanceType:
        """Return the type of that name, which may be newer than the catalogue or a CDK token.

        Nothing is checked here: whether SageMaker would accept the name is for a rule to say.
        """
        return cls(name)

    def __str__(self) -> str:
        """Return the name, as SageMaker's API takes it."""
        return self.name

    @property
    def family(self) -> str | None:
        """``m5`` of ``ml.m5.xlarge``; None if the name is not of the form ``ml.family.size``."""
        parts = family_and_size(self.name)
        return parts[0] if parts else None

    @property
    def size(self) -> str | None:
        """``xlarge`` of ``ml.m5.xlarge``; None if the name is not of that form."""
        parts = family_and_size(self.name)
        return parts[1] if parts else None

    @property
    def is_known(self) -> bool:
        """Whether the catalogue has this type."""
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
        """The accelerators; None for a type without any, and for an unknown type."""
        facts = self._facts
        return facts.accelerator if facts else None

    @property
    def gpus(self) -> int | None:
        """Number of GPUs, 0 for other accelerators or none; None for an unknown type."""
        facts = self._facts
        if facts is None:
            return None
        accelerator = facts.accelerator
        return accelerator.count if accelerator and accelerator.kind == "gpu" else 0

    @property
    def local_nvme_gb(self) -> int | None:
        """Local NVMe storage in GB, all disks together; None for none, and for an unknown type."""
        facts = self._facts
        return facts.local_nvme_gb if facts else None

    @property
    def has_local_nvme(self) -> bool | None:
        """Whether the type has local NVMe storage; None for an unknown type."""
        facts = self._facts
        return facts.local_nvme_gb is not None if facts else None

    @property
    def _facts(self) -> Facts | None:
        return facts_by_type().get(self.name)


for _constant, _name in NAMES.items():
    setattr(InstanceType, _constant, InstanceType(_name))

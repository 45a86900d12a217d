"""Facts of one record of EC2's DescribeInstanceTypes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from tools.errors import ToolError

Record = Mapping[str, Any]

# Each kind of accelerator has a key. InferenceAcceleratorInfo repeats the content of NeuronInfo, so
# it is only relevant, as an unknown accelerator, if NeuronInfo is missing.
_UNKNOWN_ACCELERATORS = ("InferenceAcceleratorInfo", "FpgaInfo", "MediaAcceleratorInfo")
_GAUDI_MANUFACTURER = "Habana"
_ARCHITECTURES = ("x86_64", "arm64")
# EC2's record has 512 GiB for one Trainium2; AWS's page of the type has 1.5 TB for 16 of them.
_WRONG_MEMORY = ("Trainium2",)


class AcceleratorFacts(TypedDict):
    """Accelerators of an instance type; memory and Neuron cores are those of one accelerator."""

    kind: str
    name: str
    count: int
    memory_mib: int | None
    cores: int | None


class Facts(TypedDict):
    """Facts of an instance type: a line of the catalog."""

    vcpus: int
    memory_gib: float
    architecture: str
    local_nvme_gb: int | None
    accelerator: AcceleratorFacts | None


def facts_of(record: Record) -> Facts:
    """Return the facts of a record of DescribeInstanceTypes.

    Raises:
        ToolError: The catalog cannot represent the architecture or the accelerator.
    """
    return {
        "vcpus": record["VCpuInfo"]["DefaultVCpus"],
        "memory_gib": _memory_gib(record),
        "architecture": _architecture(record),
        "local_nvme_gb": _local_nvme_gb(record),
        "accelerator": _accelerator(record),
    }


def _memory_gib(record: Record) -> float:
    gib: float = record["MemoryInfo"]["SizeInMiB"] / 1024
    return int(gib) if gib.is_integer() else gib


def _architecture(record: Record) -> str:
    offered: list[str] = record["ProcessorInfo"]["SupportedArchitectures"]
    known = [architecture for architecture in offered if architecture in _ARCHITECTURES]
    if len(known) != 1:
        raise _unsupported(record, "SupportedArchitectures", offered, "x86_64 or arm64, not both")
    return known[0]


def _local_nvme_gb(record: Record) -> int | None:
    storage = record.get("InstanceStorageInfo")
    if storage is None or storage["NvmeSupport"] == "unsupported":
        return None
    total: int = storage["TotalSizeInGB"]
    return total


def _accelerator(record: Record) -> AcceleratorFacts | None:
    if gpus := record.get("GpuInfo"):
        device = _only(record, "Gpus", gpus["Gpus"])
        kind = "gaudi" if device["Manufacturer"] == _GAUDI_MANUFACTURER else "gpu"
        name, cores = f"{device['Manufacturer']} {device['Name']}", None
    elif neuron := record.get("NeuronInfo"):
        device = _only(record, "NeuronDevices", neuron["NeuronDevices"])
        kind, name, cores = "neuron", device["Name"], device["CoreInfo"]["Count"]
    else:
        if unknown := [key for key in _UNKNOWN_ACCELERATORS if key in record]:
            raise _unsupported(record, "accelerators", unknown, "GpuInfo or NeuronInfo")
        return None
    return {
        "kind": kind,
        "name": name,
        "count": device["Count"],
        "memory_mib": None if name in _WRONG_MEMORY else device["MemoryInfo"]["SizeInMiB"],
        "cores": cores,
    }


def _only(record: Record, key: str, devices: list[dict[str, Any]]) -> dict[str, Any]:
    # EC2 describes a share of a GPU with a count of 0.
    if len(devices) != 1 or devices[0]["Count"] < 1:
        raise _unsupported(record, key, devices, "one device with a count of 1 or more")
    return devices[0]


def _unsupported(record: Record, key: str, got: object, allowed: str) -> ToolError:
    return ToolError(
        f"{key} of EC2 type {record['InstanceType']} is {got}; must be {allowed}: "
        "support the value in tools/instances/ec2.py"
    )

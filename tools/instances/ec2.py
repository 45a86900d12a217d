"""One record of EC2's DescribeInstanceTypes, reduced to the facts the catalogue holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from tools.errors import ToolError

Record = Mapping[str, Any]

# Accelerators are listed under a key per kind. What NeuronInfo lists, InferenceAcceleratorInfo
# repeats, so the latter counts only where it stands alone, and then nothing here knows it.
_UNKNOWN_ACCELERATORS = ("InferenceAcceleratorInfo", "FpgaInfo", "MediaAcceleratorInfo")
_GAUDI_MANUFACTURER = "Habana"
_ARCHITECTURES = ("x86_64", "arm64")


class AcceleratorFacts(TypedDict):
    """The accelerators of an instance type."""

    kind: str
    name: str
    count: int


class Facts(TypedDict):
    """The facts of an instance type: a line of the catalogue."""

    vcpus: int
    memory_gib: float
    architecture: str
    local_nvme_gb: int | None
    accelerator: AcceleratorFacts | None


def facts_of(record: Record) -> Facts:
    """Reduce a record of DescribeInstanceTypes.

    Raises:
        ToolError: The record has an architecture or an accelerator the catalogue cannot hold.
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
        raise _cannot_hold(record, "SupportedArchitectures", offered, "x86_64 or arm64, not both")
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
        name = f"{device['Manufacturer']} {device['Name']}"
    elif neuron := record.get("NeuronInfo"):
        device = _only(record, "NeuronDevices", neuron["NeuronDevices"])
        kind, name = "neuron", device["Name"]
    else:
        if unknown := [key for key in _UNKNOWN_ACCELERATORS if key in record]:
            raise _cannot_hold(record, "accelerators", unknown, "GpuInfo or NeuronInfo")
        return None
    return {"kind": kind, "name": name, "count": device["Count"]}


def _only(record: Record, key: str, devices: list[dict[str, Any]]) -> dict[str, Any]:
    # A share of one GPU is written as a count of 0.
    if len(devices) != 1 or devices[0]["Count"] < 1:
        raise _cannot_hold(record, key, devices, "one device with a count of 1 or more")
    return devices[0]


def _cannot_hold(record: Record, key: str, got: object, allowed: str) -> ToolError:
    return ToolError(
        f"{key} of EC2 type {record['InstanceType']} is {got}; the catalogue holds {allowed}: "
        "teach tools/instances/ec2.py this shape"
    )

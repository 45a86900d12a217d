"""The facts of instance types, read from the generated JSON on first use.

The JSON files name their sources and versions in their heads: EC2's answers to
DescribeInstanceTypes for the facts, SageMaker's API model for the names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Literal, TypedDict, cast

from attrs import frozen

AcceleratorKind = Literal["gpu", "neuron", "gaudi"]
Architecture = Literal["x86_64", "arm64"]


@frozen
class Accelerator:
    """The accelerators of one instance.

    Attributes:
        kind: ``gpu``, ``neuron`` (AWS Inferentia and Trainium) or ``gaudi``.
        name: The name EC2 gives one accelerator, such as ``NVIDIA A10G`` or ``Trainium``.
        count: How many of them one instance has.
    """

    kind: AcceleratorKind
    name: str
    count: int


@frozen
class Facts:
    """What EC2 says of one instance type. The units stand in the names: GB is 10^9, GiB 2^30."""

    vcpus: int
    memory_gib: float
    architecture: Architecture
    local_nvme_gb: int | None
    accelerator: Accelerator | None


class _AcceleratorRow(TypedDict):
    kind: AcceleratorKind
    name: str
    count: int


class _FactsRow(TypedDict):
    vcpus: int
    memory_gib: float
    architecture: Architecture
    local_nvme_gb: int | None
    accelerator: _AcceleratorRow | None


@cache
def facts_by_type() -> Mapping[str, Facts]:
    """Return the facts of every hosting type by its name."""
    rows = cast("dict[str, _FactsRow]", _types_of("catalogue.json"))
    return {name: _facts(row) for name, row in rows.items()}


@cache
def enums_by_other_type() -> Mapping[str, tuple[str, ...]]:
    """Return, for the types only other uses of SageMaker have, the API enums that name each."""
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
    # Costs as much as the rest of this package, so only those pay who ask for a fact.
    from importlib import resources  # noqa: PLC0415 - see above

    text = resources.files("cdk_epc.catalog.instances").joinpath(file).read_text("utf-8")
    return cast("dict[str, object]", json.loads(text))["types"]

"""Reading the sources: EC2's records, the dumps, the supplement and SageMaker's model."""

from __future__ import annotations

import gzip
import json
from importlib import resources
from typing import Any

import pytest

from tools.errors import ToolError
from tools.instances import sagemaker, sources
from tools.instances.ec2 import facts_of
from tools.instances.pins import Dump
from tools.instances.sources import dump_source, load_sources, supplement_sources
from tools.packages import Package

PLAIN: dict[str, Any] = {
    "InstanceType": "x1.large",
    "VCpuInfo": {"DefaultVCpus": 2},
    "MemoryInfo": {"SizeInMiB": 3840},
    "ProcessorInfo": {"SupportedArchitectures": ["i386", "x86_64"]},
}
PLAIN_FACTS: dict[str, Any] = {
    "vcpus": 2,
    "memory_gib": 3.75,
    "architecture": "x86_64",
    "local_nvme_gb": None,
    "accelerator": None,
}


def gpu(**changes: Any) -> dict[str, Any]:
    device = {
        "Manufacturer": "NVIDIA",
        "Name": "T4",
        "Count": 4,
        "MemoryInfo": {"SizeInMiB": 16384},
    }
    return {"GpuInfo": {"Gpus": [{**device, **changes}]}}


def neuron(name: str, count: int, cores: int, memory: int) -> dict[str, Any]:
    device = {"Name": name, "Count": count, "CoreInfo": {"Count": cores, "Version": 2}}
    return {"NeuronInfo": {"NeuronDevices": [{**device, "MemoryInfo": {"SizeInMiB": memory}}]}}


def accelerator(
    kind: str, name: str, count: int, memory: int | None, cores: int | None = None
) -> dict[str, Any]:
    facts = {"kind": kind, "name": name, "count": count, "memory_mib": memory, "cores": cores}
    return {"accelerator": facts}


@pytest.mark.parametrize(
    ("change", "facts"),
    [
        ({}, {}),
        ({"MemoryInfo": {"SizeInMiB": 4096}}, {"memory_gib": 4}),
        ({"ProcessorInfo": {"SupportedArchitectures": ["arm64"]}}, {"architecture": "arm64"}),
        (
            {"InstanceStorageInfo": {"NvmeSupport": "required", "TotalSizeInGB": 250}},
            {"local_nvme_gb": 250},
        ),
        ({"InstanceStorageInfo": {"NvmeSupport": "unsupported", "TotalSizeInGB": 250}}, {}),
        (gpu(), accelerator("gpu", "NVIDIA T4", 4, 16384)),
        (
            gpu(Manufacturer="Habana", Name="Gaudi HL-205", Count=8),
            accelerator("gaudi", "Habana Gaudi HL-205", 8, 16384),
        ),
        (
            {
                **neuron("Inferentia2", 6, 2, 32768),
                "InferenceAcceleratorInfo": {"Accelerators": []},
            },
            accelerator("neuron", "Inferentia2", 6, 32768, 2),
        ),
        (
            neuron("Trainium2", 16, 8, 524288),
            accelerator("neuron", "Trainium2", 16, None, 8),
        ),
    ],
)
def test_facts_of_a_record(change: dict[str, Any], facts: dict[str, Any]) -> None:
    assert facts_of({**PLAIN, **change}) == {**PLAIN_FACTS, **facts}


@pytest.mark.parametrize(
    ("change", "got", "allowed"),
    [
        (
            {"ProcessorInfo": {"SupportedArchitectures": ["riscv"]}},
            "SupportedArchitectures of EC2 type x1.large is ['riscv']",
            "x86_64 or arm64, not both",
        ),
        (
            {"FpgaInfo": {}},
            "accelerators of EC2 type x1.large is ['FpgaInfo']",
            "GpuInfo or NeuronInfo",
        ),
        (
            {"GpuInfo": {"Gpus": []}},
            "Gpus of EC2 type x1.large is []",
            "one device with a count of 1 or more",
        ),
    ],
)
def test_record_the_catalogue_cannot_hold(change: dict[str, Any], got: str, allowed: str) -> None:
    with pytest.raises(ToolError) as caught:
        facts_of({**PLAIN, **change})

    assert str(caught.value) == (
        f"{got}; must be {allowed}: support the value in tools/instances/ec2.py"
    )


def test_share_of_a_gpu_is_refused() -> None:
    with pytest.raises(ToolError, match="one device with a count of 1 or more"):
        facts_of({**PLAIN, **gpu(Count=0, GpuPartitionSize=0.125)})


@pytest.mark.parametrize("name", ["thing 1, dump.json", "thing 1, dump.json.gz"])
def test_only_wanted_types_of_a_dump_are_read(name: str) -> None:
    content = json.dumps({"x1.large": PLAIN, "x9.odd": {}}).encode()
    if name.endswith(".gz"):
        content = gzip.compress(content)

    source = dump_source(name, content, frozenset({"x1.large", "x2.large"}))

    assert source.name == name
    assert source.facts == {"x1.large": PLAIN_FACTS}


def test_older_dump_is_read_for_types_that_the_newer_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    old = {"x1.large": {"an": "older shape"}, "x0.large": PLAIN}
    dumps = {"2": {"x1.large": PLAIN}, "1": old}
    pins = [Dump(Package("thing", version, ""), "dump.json") for version in dumps]

    def read_member(package: Package, _: str) -> bytes:
        return json.dumps(dumps[package.version]).encode()

    monkeypatch.setattr(sources, "read_member", read_member)

    newer, older, *_ = load_sources(frozenset({"x0.large", "x1.large"}), pins)

    assert newer.name == "thing 2, dump.json"
    assert list(newer.facts) == ["x1.large"]
    assert older.name == "thing 1, dump.json"
    assert list(older.facts) == ["x0.large"]


def test_supplement_names_its_document() -> None:
    rows = {"x3.large": {"source": "https://example.org/x3", "facts": PLAIN_FACTS}}

    (source,) = supplement_sources(json.dumps(rows))

    assert source.name == "https://example.org/x3"
    assert source.facts == {"x3.large": PLAIN_FACTS}


def test_committed_supplement_has_sources_and_all_facts() -> None:
    text = resources.files("tools.instances").joinpath("supplement.json").read_text("utf-8")

    for source in supplement_sources(text):
        assert source.name.startswith("https://docs.aws.amazon.com/")
        for facts in source.facts.values():
            assert facts.keys() == PLAIN_FACTS.keys()


MODEL: sagemaker.Model = {
    "shapes": {
        "TrainingInstanceType": {"enum": ["ml.x1.large", "ml.x8.large", "ml.x7.large"]},
        "ProductionVariantInstanceType": {"enum": ["ml.x2.large", "ml.x1.large"]},
        "AppInstanceType": {"enum": ["ml.x8.large", "system"]},
        "Name": {"type": "string"},
    }
}


def test_hosting_types_keep_the_order_of_the_model() -> None:
    assert sagemaker.hosting_types(MODEL) == ["ml.x2.large", "ml.x1.large"]


def test_other_services_are_types_without_hosting() -> None:
    other = sagemaker.other_services(MODEL)

    assert other == {
        "ml.x7.large": ["TrainingInstanceType"],
        "ml.x8.large": ["AppInstanceType", "TrainingInstanceType"],
    }
    assert list(other) == sorted(other)


def test_missing_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def files(_: str) -> None:
        message = "No module named 'botocore'"
        raise ModuleNotFoundError(message)

    monkeypatch.setattr(resources, "files", files)

    with pytest.raises(ToolError) as caught:
        sagemaker.load_model()

    assert str(caught.value) == (
        "cannot read data/sagemaker/2017-07-24/service-2.json.gz of botocore: "
        "No module named 'botocore'; install the project's pinned botocore"
    )

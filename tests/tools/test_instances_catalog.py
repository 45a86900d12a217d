"""Joining names with facts, and the files that come of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.errors import ToolError
from tools.instances import generate, sagemaker
from tools.instances.catalog import join
from tools.instances.ec2 import Facts
from tools.instances.render import constant_name, constants_module, types_json
from tools.instances.sources import Source


def facts(**changes: Any) -> Facts:
    plain: Facts = {
        "vcpus": 2,
        "memory_gib": 3.75,
        "architecture": "x86_64",
        "local_nvme_gb": None,
        "accelerator": None,
    }
    return {**plain, **changes}  # type: ignore[typeddict-item]


NEW = Source("new", {"x2.large": facts(vcpus=4), "x1-y.large": facts()})
OLD = Source("old", {"x2.large": facts(vcpus=99), "x0.large": facts(vcpus=1)})
HOSTING = ["ml.x0.large", "ml.x2.large", "ml.x1-y.large"]


def test_first_source_that_knows_a_type_wins_and_the_order_stays() -> None:
    catalog = join(HOSTING, [NEW, OLD])

    assert list(catalog.types) == HOSTING
    assert [row["vcpus"] for row in catalog.types.values()] == [1, 4, 2]
    assert catalog.types_by_source == {
        "new": ["ml.x2.large", "ml.x1-y.large"],
        "old": ["ml.x0.large"],
    }


def test_types_without_facts_are_named() -> None:
    with pytest.raises(ToolError) as caught:
        join([*HOSTING, "ml.x8.large", "ml.x9.large"], [NEW, OLD])

    assert str(caught.value) == (
        "no source has the facts of ml.x8.large, ml.x9.large: run `python -m tools --newest`, or "
        "add a row with its source to tools/instances/supplement.json"
    )


def test_source_that_gives_nothing_is_named() -> None:
    with pytest.raises(ToolError) as caught:
        join(["ml.x2.large"], [NEW, OLD])

    assert str(caught.value) == (
        "'old' has no hosting type that earlier sources lack: remove it from "
        "tools/instances/pins.json or tools/instances/supplement.json"
    )


def test_mixed_family_is_refused() -> None:
    source = Source("new", {"x2.large": facts(), "x2.metal": facts(local_nvme_gb=1)})

    with pytest.raises(ToolError) as caught:
        join(["ml.x2.large", "ml.x2.metal"], [source])

    assert str(caught.value) == (
        "family x2 is mixed: ml.x2.metal has local NVMe storage and ml.x2.large has none; correct "
        "the source, or let cdk_epc/catalog/instances.py look up the size"
    )


@pytest.mark.parametrize(
    ("name", "constant"),
    [
        ("ml.m5.xlarge", "ML_M5_XLARGE"),
        ("ml.p6-b200.48xlarge", "ML_P6_B200_48XLARGE"),
        ("ml.g4dn.12xlarge", "ML_G4DN_12XLARGE"),
    ],
)
def test_constant_name(name: str, constant: str) -> None:
    assert constant_name(name) == constant


def test_json_has_one_type_a_line() -> None:
    assert types_json(
        [{"source": "a 1"}, {"source": "b 2"}], {"ml.x": {"n": None}, "ml.y": []}
    ) == (
        "{\n"
        '  "sources": [\n'
        '    {"source": "a 1"},\n'
        '    {"source": "b 2"}\n'
        "  ],\n"
        '  "types": {\n'
        '    "ml.x": {"n": null},\n'
        '    "ml.y": []\n'
        "  }\n"
        "}\n"
    )


def test_module_of_constants() -> None:
    accelerator = {"kind": "gpu", "name": "NVIDIA T4", "count": 4}
    text = constants_module(
        {
            "ml.x1-y.large": facts(),
            "ml.x2.large": facts(memory_gib=16, accelerator=accelerator, local_nvme_gb=250),
        }
    )

    assert text.endswith('''
NAMES: Final[Mapping[str, str]] = {
    "ML_X1_Y_LARGE": "ml.x1-y.large",
    "ML_X2_LARGE": "ml.x2.large",
}
"""Name of each hosting type by its constant, in the order of the API model."""


class InstanceTypeConstants:
    """Constants of `cdk_epc.catalog.instances.InstanceType`."""

    __slots__ = ()

    ML_X1_Y_LARGE: ClassVar[InstanceType]
    """2 vCPUs, 3.75 GiB, x86_64."""
    ML_X2_LARGE: ClassVar[InstanceType]
    """2 vCPUs, 16 GiB, x86_64, 4 x NVIDIA T4, 250 GB local NVMe."""
''')
    compile(text, "_constants.py", "exec")


def test_generated_files_and_their_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = {
        sagemaker.HOSTING_ENUM: {"enum": HOSTING},
        "AppInstanceType": {"enum": ["ml.x9.large"]},
    }
    monkeypatch.setattr(sagemaker, "load_model", lambda _: {"shapes": shapes})
    monkeypatch.setattr(sagemaker, "model_source", lambda _: "botocore 1.2.3")

    def load_sources(_: frozenset[str], __: object) -> list[Source]:
        return [NEW, OLD]

    monkeypatch.setattr(generate, "load_sources", load_sources)

    texts = generate.generate()

    assert list(texts) == [
        "cdk_epc/catalog/instances.json",
        "cdk_epc/catalog/other_services.json",
        "cdk_epc/catalog/_instance_constants.py",
    ]
    assert json.loads(texts["cdk_epc/catalog/instances.json"])["sources"] == [
        {"source": "botocore 1.2.3", "gives": "ProductionVariantInstanceType"},
        {"source": "new", "gives": "facts"},
        {"source": "old", "gives": "facts", "types": ["ml.x0.large"]},
    ]
    assert json.loads(texts["cdk_epc/catalog/other_services.json"]) == {
        "sources": [
            {
                "source": "botocore 1.2.3",
                "gives": "ml.* of every enum but ProductionVariantInstanceType",
            }
        ],
        "types": {"ml.x9.large": ["AppInstanceType"]},
    }

"""Instance types: facts, equality, and unknown names."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

from cdk_epc.catalog.instances import Accelerator, InstanceType

FACTS: dict[str, dict[str, Any]] = {
    "ml.g5.xlarge": {
        "family": "g5",
        "size": "xlarge",
        "is_known": True,
        "vcpus": 4,
        "memory_gib": 16.0,
        "architecture": "x86_64",
        "accelerator": Accelerator(kind="gpu", name="NVIDIA A10G", count=1, memory_mib=22888),
        "gpus": 1,
        "neuron_cores": 0,
        "local_nvme_gb": 250,
        "has_local_nvme": True,
    },
    "ml.trn1.32xlarge": {
        "family": "trn1",
        "size": "32xlarge",
        "is_known": True,
        "vcpus": 128,
        "memory_gib": 512.0,
        "architecture": "x86_64",
        "accelerator": Accelerator(
            kind="neuron", name="Trainium", count=16, memory_mib=32768, cores=2
        ),
        "gpus": 0,
        "neuron_cores": 32,
        "local_nvme_gb": 7600,
        "has_local_nvme": True,
    },
    "ml.dl1.24xlarge": {
        "family": "dl1",
        "size": "24xlarge",
        "is_known": True,
        "vcpus": 96,
        "memory_gib": 768.0,
        "architecture": "x86_64",
        "accelerator": Accelerator(
            kind="gaudi", name="Habana Gaudi HL-205", count=8, memory_mib=32768
        ),
        "gpus": 0,
        "neuron_cores": 0,
        "local_nvme_gb": 4000,
        "has_local_nvme": True,
    },
    "ml.c7g.large": {
        "family": "c7g",
        "size": "large",
        "is_known": True,
        "vcpus": 2,
        "memory_gib": 4.0,
        "architecture": "arm64",
        "accelerator": None,
        "gpus": 0,
        "neuron_cores": 0,
        "local_nvme_gb": None,
        "has_local_nvme": False,
    },
    "ml.c4.large": {
        "family": "c4",
        "size": "large",
        "is_known": True,
        "vcpus": 2,
        "memory_gib": 3.75,
        "architecture": "x86_64",
        "accelerator": None,
        "gpus": 0,
        "neuron_cores": 0,
        "local_nvme_gb": None,
        "has_local_nvme": False,
    },
    "ml.p6e-gb200.36xlarge": {
        "family": "p6e-gb200",
        "size": "36xlarge",
        "is_known": True,
        "vcpus": 144,
        "memory_gib": 960.0,
        "architecture": "arm64",
        "accelerator": Accelerator(kind="gpu", name="NVIDIA B200", count=4),
        "gpus": 4,
        "neuron_cores": 0,
        "local_nvme_gb": 22500,
        "has_local_nvme": True,
    },
    "ml.t2.medium": {
        "family": "t2",
        "size": "medium",
        "is_known": True,
        "vcpus": 2,
        "memory_gib": 4.0,
        "architecture": "x86_64",
        "accelerator": None,
        "gpus": 0,
        "neuron_cores": 0,
        "local_nvme_gb": None,
        "has_local_nvme": False,
    },
}
NO_FACTS: dict[str, Any] = {
    "family": None,
    "size": None,
    "is_known": False,
    "vcpus": None,
    "memory_gib": None,
    "architecture": None,
    "accelerator": None,
    "gpus": None,
    "neuron_cores": None,
    "local_nvme_gb": None,
    "has_local_nvme": None,
}


def facts_of(instance_type: InstanceType) -> dict[str, Any]:
    return {key: getattr(instance_type, key) for key in NO_FACTS}


@pytest.mark.parametrize(("name", "facts"), FACTS.items())
def test_facts_of_a_known_type(name: str, facts: dict[str, Any]) -> None:
    assert facts_of(InstanceType.of(name)) == facts


@pytest.mark.parametrize(
    ("name", "family", "size"),
    [
        ("ml.new9.xlarge", "new9", "xlarge"),
        ("ml.g5.96xlarge", "g5", "96xlarge"),
        ("ml.c7i-flex.large", "c7i-flex", "large"),
    ],
)
def test_unknown_type_has_a_family_and_a_size_and_no_facts(
    name: str, family: str, size: str
) -> None:
    instance_type = InstanceType.of(name)

    assert str(instance_type) == name
    assert facts_of(instance_type) == {**NO_FACTS, "family": family, "size": size}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "m5.xlarge",
        "ml.m5",
        "ml.m5.",
        "ml..xlarge",
        "ml.m5.xlarge.metal",
        "ML.M5.XLARGE",
        " ml.m5.xlarge",
        "ml.m5.xlarge\n",
        "${Token[TOKEN.42]}",
        "ml.${Token[TOKEN.42]}.xlarge",
        "ml.m5.${Token[TOKEN.42]}",
    ],
)
def test_malformed_names_and_tokens_have_no_facts(name: str) -> None:
    instance_type = InstanceType.of(name)

    assert str(instance_type) == instance_type.name == name
    assert facts_of(instance_type) == NO_FACTS


def test_equal_by_name_and_usable_as_a_key() -> None:
    of_name = InstanceType.of("ml.m5.xlarge")

    assert of_name == InstanceType.ML_M5_XLARGE
    assert hash(of_name) == hash(InstanceType.ML_M5_XLARGE)
    assert of_name != InstanceType.ML_M5_2XLARGE
    assert len({of_name, InstanceType.ML_M5_XLARGE}) == 1


def test_is_not_its_name() -> None:
    name: object = "ml.m5.xlarge"

    assert name != InstanceType.ML_M5_XLARGE


def test_is_a_constant_after_copy_and_pickle() -> None:
    constant = InstanceType.ML_G5_XLARGE

    assert copy.deepcopy(constant) == constant
    assert pickle.loads(pickle.dumps(constant)) == constant  # noqa: S301 - our own bytes


def test_cannot_be_changed_or_extended() -> None:
    with pytest.raises(FrozenInstanceError):
        InstanceType.ML_M5_XLARGE.name = "ml.m5.2xlarge"  # type: ignore[misc]
    assert not hasattr(InstanceType.ML_M5_XLARGE, "__dict__")


def test_text_is_the_name() -> None:
    assert str(InstanceType.ML_P6_B200_48XLARGE) == "ml.p6-b200.48xlarge"
    assert f"{InstanceType.ML_G4DN_12XLARGE}" == "ml.g4dn.12xlarge"
    assert repr(InstanceType.ML_M5_XLARGE) == "InstanceType(name='ml.m5.xlarge')"

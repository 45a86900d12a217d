"""Agreement of the committed files with the installed botocore and with each other."""

from __future__ import annotations

import json
from importlib import metadata, resources
from typing import Any

import pytest

from cdk_epc.catalog._instance_constants import NAMES, InstanceTypeConstants
from cdk_epc.catalog.instances import (
    HOSTING_TYPES,
    InstanceType,
    family_has_local_nvme,
    other_service_enums,
)
from tools.instances import sagemaker
from tools.instances.render import constants_module

REGENERATE = "run `python -m tools instances`"


def read_text(file: str) -> str:
    return resources.files("cdk_epc.catalog").joinpath(file).read_text("utf-8")


@pytest.fixture(scope="module")
def catalog() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(read_text("instances.json"))
    return data


@pytest.fixture(scope="module")
def model() -> sagemaker.Model:
    return sagemaker.load_model()


def test_hosting_types_are_those_of_the_api_model_in_its_order(
    catalog: dict[str, Any], model: sagemaker.Model
) -> None:
    expected = sagemaker.hosting_types(model)

    assert len(expected) == 277
    assert list(HOSTING_TYPES) == expected, REGENERATE
    assert list(catalog["types"]) == expected, REGENERATE


def test_other_services_are_those_of_the_api_model(model: sagemaker.Model) -> None:
    committed = json.loads(read_text("other_services.json"))["types"]

    assert len(committed) == 165
    assert committed == sagemaker.other_services(model), REGENERATE
    assert {name: list(other_service_enums(name)) for name in committed} == committed


@pytest.mark.parametrize("file", ["instances.json", "other_services.json"])
def test_header_names_the_installed_api_model(file: str) -> None:
    first_source = json.loads(read_text(file))["sources"][0]["source"]

    assert first_source.startswith(f"botocore {metadata.version('botocore')},"), REGENERATE


@pytest.mark.parametrize("file", ["instances.json", "other_services.json"])
def test_every_type_has_a_separate_line(file: str) -> None:
    text = read_text(file)

    lines = [line.strip() for line in text.splitlines()]
    for name in json.loads(text)["types"]:
        assert sum(line.startswith(f'"{name}": ') for line in lines) == 1


def test_module_of_constants_is_the_generated_one(catalog: dict[str, Any]) -> None:
    assert read_text("_instance_constants.py") == constants_module(catalog["types"]), REGENERATE


def test_constants_are_named_after_their_values() -> None:
    assert {
        name.replace(".", "_").replace("-", "_").upper(): name for name in NAMES.values()
    } == NAMES
    assert {constant: getattr(InstanceType, constant) for constant in NAMES} == {
        constant: InstanceType.of(name) for constant, name in NAMES.items()
    }


def test_declared_constants_are_those_that_exist() -> None:
    declared = [key for key in InstanceTypeConstants.__annotations__ if key.startswith("ML_")]

    assert declared == list(NAMES)
    assert len(set(NAMES.values())) == len(NAMES) == 277


def test_local_nvme_is_that_of_the_family() -> None:
    assert {name: family_has_local_nvme(name) for name in HOSTING_TYPES} == {
        name: InstanceType.of(name).has_local_nvme for name in HOSTING_TYPES
    }


def test_facts_are_complete_and_plausible() -> None:
    for name in HOSTING_TYPES:
        instance_type = InstanceType.of(name)
        assert name == f"ml.{instance_type.family}.{instance_type.size}"
        _check_facts(instance_type)


def _check_facts(instance_type: InstanceType) -> None:
    assert instance_type.architecture in {"x86_64", "arm64"}
    assert (instance_type.vcpus or 0) >= 1
    assert (instance_type.memory_gib or 0) >= 1
    assert instance_type.local_nvme_gb is None or instance_type.local_nvme_gb > 0
    if accelerator := instance_type.accelerator:
        assert accelerator.kind in {"gpu", "neuron", "gaudi"}
        assert accelerator.name
        assert accelerator.count >= 1

"""The committed files say what the installed botocore says, and agree with each other."""

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
def test_every_type_has_a_line_of_its_own(file: str) -> None:
    text = read_text(file)

    lines = [line.strip() for line in text.splitlines()]
    for name in json.loads(text)["types"]:
        assert sum(line.startswith(f'"{name}": ') for line in lines) == 1


def test_module_of_constants_is_what_the_catalogue_renders(catalog: dict[str, Any]) -> None:
    assert read_text("_instance_constants.py") == constants_module(catalog["types"]), REGENERATE


@pytest.mark.parametrize(("constant", "name"), NAMES.items())
def test_constant_is_named_after_its_value(constant: str, name: str) -> None:
    assert constant == name.replace(".", "_").replace("-", "_").upper()
    assert getattr(InstanceType, constant) == InstanceType.of(name)


def test_declared_constants_are_those_that_exist() -> None:
    declared = [key for key in InstanceTypeConstants.__annotations__ if key.startswith("ML_")]

    assert declared == list(NAMES)
    assert len(set(NAMES.values())) == len(NAMES) == 277


@pytest.mark.parametrize("name", HOSTING_TYPES)
def test_no_family_is_mixed(name: str) -> None:
    assert family_has_local_nvme(name) is InstanceType.of(name).has_local_nvme


@pytest.mark.parametrize("name", HOSTING_TYPES)
def test_facts_are_complete_and_plausible(name: str) -> None:
    instance_type = InstanceType.of(name)

    assert name == f"ml.{instance_type.family}.{instance_type.size}"
    assert instance_type.architecture in {"x86_64", "arm64"}
    assert (instance_type.vcpus or 0) >= 1
    assert (instance_type.memory_gib or 0) >= 1
    assert instance_type.local_nvme_gb is None or instance_type.local_nvme_gb > 0
    if accelerator := instance_type.accelerator:
        assert accelerator.kind in {"gpu", "neuron", "gaudi"}
        assert accelerator.name
        assert accelerator.count >= 1

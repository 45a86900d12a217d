"""Taking over the newest versions, from wheels that are made here."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

from tools.errors import ToolError
from tools.images import pins as image_pins
from tools.images.configs import FOLDER
from tools.instances import sources
from tools.instances.pins import PINS_FILE, pinned_dumps, pins_json
from tools.newest import PROJECT_FILE, updated_texts
from tools.packages import Package
from tools.published.models import API_FILE
from tools.regions.hosting import HOSTING_FILE
from tools.regions.partitions import PARTITIONS_FILE
from tools.regions.serverless import read_page
from tools.replacements.generate import TYPES as REPLACED

PROJECT = """
test = [
    "boto3==1.0.0",
    "botocore==1.0.0",
    "cfn-lint==1.0.0", # with a comment
]
"""

SUPPLEMENTED = "ml.p6e-gb200.36xlarge"
TYPES = ["ml.x1.large", "ml.x0.large", SUPPLEMENTED]
MODEL = {"shapes": {"ProductionVariantInstanceType": {"enum": TYPES}}}
PARTITIONS = {
    "partitions": [
        {
            "id": "aws",
            "regionRegex": r"^\w+$",
            "outputs": {"dnsSuffix": "example.org"},
            "regions": {
                name.lower(): {"description": name.replace("ã", "a")}
                for names in read_page()[1].values()
                for name in names
            },
        }
    ]
}
IMAGES = {
    "scope": ["inference"],
    "versions": {"3": {"repository": "thing", "registries": {"here": "111122223333"}}},
}
SCHEMAS = "cfnlint/data/schemas"
PRICES = {"description": "prices", "here": {"enum": ["ml.x1.large"]}}
FILES: dict[str, dict[str, bytes]] = {
    "boto3": {},
    "botocore": {
        API_FILE: gzip.compress(json.dumps(MODEL).encode()),
        PARTITIONS_FILE: json.dumps(PARTITIONS).encode(),
    },
    "cfn-lint": {
        HOSTING_FILE: json.dumps(PRICES).encode(),
        f"{SCHEMAS}/providers/us-east-1.json": json.dumps(dict.fromkeys(REPLACED, "one")).encode(),
        f"{SCHEMAS}/resources/one.json": b'{"createOnlyProperties": ["/properties/Name/First"]}',
    },
    "moto": {},
    "sagemaker-core": {f"{FOLDER}thing.json": json.dumps(IMAGES).encode()},
}


def download(name: str, folder: Path) -> tuple[Package, Path]:
    """The newest wheel, which has version 2.0.0."""
    wheel = folder / f"{name.replace('-', '_')}-2.0.0-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        for path, content in FILES[name].items():
            archive.writestr(path, content)
    return Package(name, "2.0.0", hashlib.sha256(name.encode()).hexdigest()), wheel


def record(name: str) -> dict[str, object]:
    return {
        "InstanceType": name,
        "VCpuInfo": {"DefaultVCpus": 2},
        "MemoryInfo": {"SizeInMiB": 4096},
        "ProcessorInfo": {"SupportedArchitectures": ["arm64"]},
    }


@pytest.fixture
def updated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    def read_member(package: Package, member: str) -> bytes:
        name = "x1.large" if package.version == "2.0.0" else "x0.large"
        text = json.dumps({name: record(name)}).encode()
        return gzip.compress(text) if member.endswith(".gz") else text

    monkeypatch.setattr(sources, "read_member", read_member)
    (tmp_path / PROJECT_FILE).write_text(PROJECT)
    return updated_texts(tmp_path, download)


def test_every_pin_and_every_generated_file_is_given(updated: Mapping[str, str]) -> None:
    assert list(updated) == [
        "pyproject.toml",
        "tools/instances/pins.json",
        "cdk_epc/catalog/instances.json",
        "cdk_epc/catalog/other_services.json",
        "cdk_epc/catalog/_instance_constants.py",
        "cdk_epc/catalog/regions.json",
        "cdk_epc/catalog/replacements.json",
        "tools/images/pins.json",
        "cdk_epc/catalog/images.json",
        "cdk_epc/catalog/image_versions.json",
    ]


def test_pins_of_the_project_move(updated: Mapping[str, str]) -> None:
    assert updated[PROJECT_FILE] == PROJECT.replace("1.0.0", "2.0.0")


def test_first_dump_moves_and_the_old_one_stays(updated: Mapping[str, str]) -> None:
    first, old = json.loads(updated[PINS_FILE])
    committed_first, committed_old = json.loads(pins_json(pinned_dumps()))
    assert first == {
        **committed_first,
        "version": "2.0.0",
        "sha256": hashlib.sha256(b"moto").hexdigest(),
    }
    assert old == committed_old


def test_generated_files_are_of_the_newest_versions(updated: Mapping[str, str]) -> None:
    catalog = json.loads(updated["cdk_epc/catalog/instances.json"])
    assert list(catalog["types"]) == TYPES
    assert [source["source"].split(",")[0] for source in catalog["sources"][:3]] == [
        "botocore 2.0.0",
        "moto 2.0.0",
        "moto 4.2.14",
    ]
    regions = json.loads(updated["cdk_epc/catalog/regions.json"])
    assert regions["hosting"] == [{"types": ["ml.x1.large"], "regions": ["here"]}]
    assert regions["sources"][2]["source"].startswith("cfn-lint 2.0.0, ")


def test_images_are_of_the_newest_version(updated: Mapping[str, str]) -> None:
    assert json.loads(updated[image_pins.PINS_FILE]) == {
        "name": "sagemaker-core",
        "version": "2.0.0",
        "sha256": hashlib.sha256(b"sagemaker-core").hexdigest(),
    }
    images = json.loads(updated["cdk_epc/catalog/images.json"])
    assert images["sources"][0]["source"].startswith("sagemaker-core 2.0.0, ")
    assert images["families"] == {"thing": ["thing"]}


def test_nothing_is_written(updated: Mapping[str, str], tmp_path: Path) -> None:
    assert updated
    assert (tmp_path / PROJECT_FILE).read_text() == PROJECT


def test_missing_pin(tmp_path: Path) -> None:
    (tmp_path / PROJECT_FILE).write_text(PROJECT.replace("boto3==", "boto3>="))
    with pytest.raises(ToolError) as caught:
        updated_texts(tmp_path, download)
    assert str(caught.value) == (
        'pyproject.toml pins boto3 0 times; must pin it once, as "boto3==VERSION": '
        "correct pyproject.toml or tools/newest.py"
    )


def test_committed_pins_are_as_they_are_written() -> None:
    committed = (Path(__file__).parents[2] / PINS_FILE).read_text("utf-8")
    assert committed == pins_json(pinned_dumps())


def test_committed_pin_of_images_is_in_the_generated_form() -> None:
    committed = (Path(__file__).parents[2] / image_pins.PINS_FILE).read_text("utf-8")
    assert committed == image_pins.pins_json(image_pins.pinned_sdk())


def test_the_project_has_the_pins() -> None:
    project = (Path(__file__).parents[2] / PROJECT_FILE).read_text("utf-8")
    for name in ("boto3", "botocore", "cfn-lint"):
        assert project.count(f'"{name}==') == 1

"""Tests of the archives of folders, and of their upload by CDK."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from pathlib import Path

import aws_cdk as cdk
import pytest
from kit.cdk import STRICT, new_stack
from kit.models import model_of, one

from cdk_epc import EndpointConfigError, ModelData
from cdk_epc.model.archive import hash_of, pack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "artifacts"
    (made / "code").mkdir(parents=True)
    (made / "empty").mkdir()
    (made / "weights.json").write_text("[1, 2]", "utf-8")
    (made / "code" / "inference.py").write_text("print()", "utf-8")
    (made / "code" / "serve").write_text("#!/bin/sh", "utf-8")
    (made / "code" / "serve").chmod(0o700)
    return made


def listed(archive: Path) -> list[tuple[str, int, bytes]]:
    with tarfile.open(archive, "r:gz") as opened:
        return [
            (entry.name, entry.mode, file.read())
            for entry in opened
            if (file := opened.extractfile(entry))
        ]


def test_files_are_at_the_root_of_the_archive(folder: Path, tmp_path: Path) -> None:
    assert listed(pack(folder, tmp_path)) == [
        ("code/inference.py", 0o644, b"print()"),
        ("code/serve", 0o755, b"#!/bin/sh"),
        ("weights.json", 0o644, b"[1, 2]"),
    ]


def test_hash_does_not_depend_on_times(folder: Path, tmp_path: Path) -> None:
    first, before = pack(folder, tmp_path).read_bytes(), hash_of(folder)
    os.utime(folder / "weights.json", (1, 1))
    assert pack(folder, tmp_path).read_bytes() == first
    assert hash_of(folder) == before


def test_hash_is_the_same_on_every_machine(folder: Path) -> None:
    assert hash_of(folder) == ("d698919c4503148e095ef29443fef71705804df4341d4dd62ac7411cfd7e4be9")


def test_hash_depends_on_content_name_and_mode(folder: Path) -> None:
    file = folder / "weights.json"
    hashes = [hash_of(folder)]
    file.write_text("[1, 3]", "utf-8")
    hashes.append(hash_of(folder))
    file.chmod(0o755)
    hashes.append(hash_of(folder))
    file.rename(folder / "weight.json")
    hashes.append(hash_of(folder))
    assert len(set(hashes)) == 4


def test_cdk_uploads_the_archive(folder: Path, tmp_path: Path) -> None:
    app = cdk.App(analytics_reporting=False, context=STRICT, outdir=str(tmp_path / "out"))
    stack = new_stack("Stack", app)
    one(stack, model_data=ModelData.from_asset(str(folder)))
    app.synth()
    url = model_of(stack)["Properties"]["PrimaryContainer"]["ModelDataUrl"]["Fn::Sub"]
    hashed_by_cdk = hashlib.sha256(hash_of(folder).encode()).hexdigest()
    assert url.endswith(f"/{hashed_by_cdk}.gz")
    (manifest,) = (tmp_path / "out").glob("*.assets.json")
    (path,) = (
        each["source"]["path"]
        for each in json.loads(manifest.read_text("utf-8"))["files"].values()
        if each["source"]["path"].endswith(".gz")
    )
    assert [name for name, *_ in listed(tmp_path / "out" / path)] == [
        "code/inference.py",
        "code/serve",
        "weights.json",
    ]


def test_empty_folder_raises(tmp_path: Path) -> None:
    stack = new_stack()
    with pytest.raises(EndpointConfigError) as error:
        one(stack, model_data=ModelData.from_asset(str(tmp_path)))
    assert [(each.rule_id, each.path, each.got) for each in error.value.findings] == [
        ("model-asset-not-archive", "container.model_data", str(tmp_path))
    ]


def test_links_are_packed_as_the_files_that_they_name(folder: Path, tmp_path: Path) -> None:
    """SageMaker does not extract links, such as those in the cache of the Hugging Face Hub."""
    (folder / "model.json").symlink_to(folder / "weights.json")
    archive = pack(folder, tmp_path)
    with tarfile.open(archive, "r:gz") as opened:
        assert opened.getmember("model.json").isfile()
    assert ("model.json", 0o644, b"[1, 2]") in listed(archive)

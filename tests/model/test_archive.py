"""Tests of the archives of folders, and of their upload by CDK."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tarfile
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match
from kit.cdk import STRICT, new_stack
from kit.models import model_of, one

from cdk_epc import EndpointConfigError, ModelData
from cdk_epc.model import archive
from cdk_epc.model.archive import content_of


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


def pack(folder: Path, into: Path) -> Path:
    return archive.pack(content_of(folder).files, into)


def hash_of(folder: Path) -> str:
    return archive.hash_of(content_of(folder).files)


def listed(packed: Path) -> list[tuple[str, int, bytes]]:
    with tarfile.open(packed, "r:gz") as opened:
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
    packed = pack(folder, tmp_path)
    with tarfile.open(packed, "r:gz") as opened:
        assert opened.getmember("model.json").isfile()
    assert ("model.json", 0o644, b"[1, 2]") in listed(packed)


def test_links_follow_the_asset_options_of_cdk(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "inner").mkdir(parents=True)
    (outside / "secret.txt").write_text("secret", "utf-8")
    (outside / "inner" / "key.txt").write_text("key", "utf-8")
    (folder / "secret.txt").symlink_to(outside / "secret.txt")
    (folder / "others").symlink_to(outside)
    (folder / "source").symlink_to("code")
    (folder / "code" / "up").symlink_to("..")
    (folder / "gone").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    within = ["code/inference.py", "code/serve", "source/inference.py", "source/serve"]
    within += ["weights.json"]
    always = {
        "code/up": "the link leads to a folder above it",
        "gone": "the target of the link does not exist",
        "pipe": "it is neither a file nor a folder",
        "source/up": "the link leads to a folder above it",
    }
    found = content_of(folder)
    assert list(found.files) == within
    reason = "the link leads outside of the folder"
    assert found.left_out == {**always, "others": reason, "secret.txt": reason}
    assert found.outside == ()
    for mode in (cdk.SymlinkFollowMode.ALWAYS, cdk.SymlinkFollowMode.EXTERNAL):
        found = content_of(folder, mode)
        followed = ["others/inner/key.txt", "others/secret.txt", "secret.txt"]
        assert list(found.files) == sorted([*within, *followed])
        assert found.left_out == always
        assert found.outside == ("others", "secret.txt")
    stack = new_stack()
    blocked = ModelData.from_asset(folder, follow_symlinks=cdk.SymlinkFollowMode.BLOCK_EXTERNAL)
    with pytest.raises(EndpointConfigError, match="must be a link within the folder because"):
        one(stack, model_data=blocked)
    for mode, text in (
        (cdk.SymlinkFollowMode.NEVER, "*does not contain code/up (the link * and 1 more*"),
        (cdk.SymlinkFollowMode.ALWAYS, "*contains files of other folders, by the links others, *"),
    ):
        stack = new_stack()
        one(stack, model_data=ModelData.from_asset(folder, follow_symlinks=mode))
        pattern = Match.string_like_regexp(re.escape(text).replace(r"\*", ".*"))
        Annotations.from_stack(stack).has_warning("*", pattern)


def test_a_name_that_is_not_utf_8_raises(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder / "code") + b"/caf\xe9")).write_text("", "utf-8")
    with pytest.raises(
        EndpointConfigError, match=r"is 'code/caf.*'; must be a path of the artifacts in UTF-8"
    ):
        one(new_stack(), model_data=ModelData.from_asset(folder))

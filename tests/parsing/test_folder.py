"""Files below a folder."""

import errno
import os
from pathlib import Path

import pytest

from cdk_epc.parsing import UnusableInputError
from cdk_epc.parsing.folder import walk


def _write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def _found(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in walk(folder)]


def test_files_and_their_order(tmp_path: Path):
    _write(tmp_path, "b.json", "a/z.yml", "a/b/c.template", "a.YAML", "c.txt", ".d.json", "z")
    _write(tmp_path, ".git/a.json", "node_modules/a.json", "x/node_modules/a.json")
    _write(tmp_path, "env/pyvenv.cfg", "env/lib/a.json", "__pycache__/a.json", "y/.v/a.json")
    _write(tmp_path, "cdk/manifest.json", "cdk/cdk.out", "cdk/a.template.json")
    _write(tmp_path, "half/manifest.json")
    assert _found(tmp_path) == [
        ".d.json",
        "a/b/c.template",
        "a/z.yml",
        "a.YAML",
        "b.json",
        "cdk",
        "half/manifest.json",
    ]


def test_links_and_special_files(tmp_path: Path):
    _write(tmp_path, "a/b.json")
    (tmp_path / "a/up").symlink_to("..")
    (tmp_path / "a/up.json").symlink_to("..")
    (tmp_path / "a/file.json").symlink_to("b.json")
    (tmp_path / "a/gone.json").symlink_to("nothing")
    (tmp_path / "a/loop.json").symlink_to("loop.json")
    os.mkfifo(tmp_path / "a/pipe.json")
    assert _found(tmp_path) == ["a/b.json", "a/file.json"]


def test_a_missing_folder(tmp_path: Path):
    with pytest.raises(UnusableInputError) as raised:
        _found(tmp_path / "nothing")
    assert str(raised.value) == "there is no such file or folder; correct the path"


def test_a_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    _write(tmp_path, "a/b/c.json")
    scan = os.scandir

    def scandir(path: Path) -> object:
        if path.name == "b":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scan(path)

    monkeypatch.setattr("cdk_epc.parsing.folder.os.scandir", scandir)
    with pytest.raises(UnusableInputError) as raised:
        _found(tmp_path)
    assert str(raised.value) == "a/b: the input cannot be read: permission denied"


def test_very_deep(tmp_path: Path):
    folders = [tmp_path / "/".join(["d"] * level) for level in range(1, 1500)]
    for folder in folders:
        folder.mkdir()
    assert _found(tmp_path) == []
    for folder in reversed(folders):  # pytest cannot remove folders as deep as these
        folder.rmdir()


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("MAX_FILES", "the folder has more than 2 files; name a smaller folder"),
        ("_MAX_ENTRIES", "the folder has more than 2 entries; name a smaller folder"),
    ],
)
def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, message: str):
    monkeypatch.setattr(f"cdk_epc.parsing.folder.{limit}", 2)
    _write(tmp_path, "a.json", "b.json")
    assert _found(tmp_path) == ["a.json", "b.json"]
    _write(tmp_path, "c.json")
    with pytest.raises(UnusableInputError) as raised:
        _found(tmp_path)
    assert str(raised.value) == message

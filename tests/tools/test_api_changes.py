"""`make api-changes` on a repository of its own: no release, no change, and breaking changes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.api_changes import main

INIT = """\
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from acme.endpoint import Endpoint, Removed
__all__ = ["Endpoint", "Removed"]
"""
ENDPOINT = """\
class Endpoint:
    def scale(self, minimum: int, *, maximum: int = 1) -> None: ...
    def _internal(self, given: int) -> None: ...
class Removed: ...
class Unlisted: ...
"""


def git(folder: Path, *arguments: str) -> None:
    names = ("-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "tag.gpgsign=false")
    subprocess.run(["git", *names, *arguments], check=True, cwd=folder)  # noqa: S603, S607


def write(folder: Path, init: str, endpoint: str) -> None:
    (folder / "acme").mkdir(exist_ok=True)
    (folder / "acme" / "__init__.py").write_text(init, "utf-8")
    (folder / "acme" / "endpoint.py").write_text(endpoint, "utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "change")


def test_changes_since_the_last_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, INIT, ENDPOINT)
    assert main(tmp_path, "acme") == 0
    assert capsys.readouterr().out == "api-changes: ok, there is no release to compare with\n"
    git(tmp_path, "tag", "v0.1.0")
    write(tmp_path, INIT, ENDPOINT.replace("given: int", "").replace("class Unlisted: ...", ""))
    assert main(tmp_path, "acme") == 0
    assert capsys.readouterr().out == "api-changes: ok, no breaking change since v0.1.0\n"
    write(
        tmp_path,
        INIT.replace(", Removed", "").replace(', "Removed"', ""),
        ENDPOINT.replace(", *, maximum: int = 1", ""),
    )
    assert main(tmp_path, "acme") == 1
    assert capsys.readouterr().out == (
        "acme/endpoint.py:2: Endpoint.scale(maximum): Parameter was removed\n"
        "acme.Removed: Public object was removed\n"
        "api-changes: 2 breaking changes since v0.1.0\n"
    )

"""Files out of packages, with pip replaced by one that writes or refuses."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from tools.errors import ToolError
from tools.packages import Package, download_newest, read_folder, read_member, read_wheel

PACKAGE = Package("thing", "1.2.3", "ab" * 32)


class FakePip:
    """Replacement of ``subprocess.run`` that records the commands."""

    def __init__(self, *, returncode: int = 0, stderr: str = "") -> None:
        self.returncode = returncode
        self.stderr = stderr
        self.command: list[str] = []
        self.requirements = ""

    def __call__(self, command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        self.command = command
        if command[-2] == "--requirement":
            self.requirements = Path(command[-1]).read_text()
        if self.returncode == 0:
            folder = Path(command[command.index("--dest") + 1])
            with ZipFile(folder / "thing-1.2.3-py3-none-any.whl", "w") as wheel:
                wheel.writestr("thing/data.json", "{}")
        return subprocess.CompletedProcess(command, self.returncode, "", self.stderr)


def use(monkeypatch: pytest.MonkeyPatch, pip: FakePip) -> FakePip:
    monkeypatch.setattr(subprocess, "run", pip)
    return pip


def test_member_of_the_pinned_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    pip = use(monkeypatch, FakePip())

    assert read_member(PACKAGE, "thing/data.json") == b"{}"
    assert pip.requirements == f"thing==1.2.3 --hash=sha256:{'ab' * 32}\n"
    assert {"download", "--no-deps", "--require-hashes"} <= set(pip.command)


def test_newest_wheel_has_its_name_version_and_hash(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pip = use(monkeypatch, FakePip())

    package, wheel = download_newest("thing", tmp_path)

    assert pip.command[-1] == "thing"
    assert "--no-deps" in pip.command
    assert wheel == tmp_path / "thing-1.2.3-py3-none-any.whl"
    assert package == Package("thing", "1.2.3", hashlib.sha256(wheel.read_bytes()).hexdigest())
    assert read_wheel(package, wheel, "thing/data.json") == b"{}"


def test_newest_wheel_out_of_reach(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use(monkeypatch, FakePip(returncode=1, stderr="ERROR: no network\n"))

    with pytest.raises(ToolError, match="cannot download thing with pip: no network; check"):
        download_newest("thing", tmp_path)


def test_failed_download_gives_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = "WARNING: slow\nERROR: no matching distribution\n\nnotice: a newer pip is out\n"
    use(monkeypatch, FakePip(returncode=1, stderr=stderr))

    with pytest.raises(ToolError) as caught:
        read_member(PACKAGE, "thing/data.json")

    assert str(caught.value) == (
        "cannot download thing 1.2.3 with pip: no matching distribution; check that pip is "
        "installed, its settings and the network, then run the tool again"
    )


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [("python: No module named pip\n", "python: No module named pip"), ("", "pip gave no reason")],
)
def test_reason_without_an_error_line(
    monkeypatch: pytest.MonkeyPatch, stderr: str, reason: str
) -> None:
    use(monkeypatch, FakePip(returncode=1, stderr=stderr))

    with pytest.raises(ToolError) as caught:
        read_member(PACKAGE, "thing/data.json")

    assert f"with pip: {reason}; check" in str(caught.value)


def test_missing_member(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakePip())

    with pytest.raises(ToolError) as caught:
        read_member(PACKAGE, "thing/other.json")

    assert str(caught.value) == (
        "thing 1.2.3 has no file 'thing/other.json': pin a version that has it, or change the path"
    )


def test_folder_of_the_pinned_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakePip())

    assert read_folder(PACKAGE, "thing/") == {"data.json": b"{}"}


def test_missing_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakePip())

    with pytest.raises(ToolError) as caught:
        read_folder(PACKAGE, "other/")

    assert str(caught.value) == (
        "thing 1.2.3 has no files in 'other/': pin a version that has them, or change the path"
    )

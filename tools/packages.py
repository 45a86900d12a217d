"""Files of published Python packages: of versions pinned by hash, or of the newest version."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from attrs import frozen

from tools.errors import ToolError


@frozen
class Package:
    """Wheel of a package.

    Attributes:
        name: Name of the package.
        version: Exact version.
        sha256: Hash of the wheel in hexadecimal; pip refuses any other file.
    """

    name: str
    version: str
    sha256: str

    def __str__(self) -> str:
        """Return the name and the version, for messages and headers."""
        return f"{self.name} {self.version}"


def read_member(package: Package, member: str) -> bytes:
    """Download a package's wheel and return one file of it.

    Args:
        package: Package to download, without its dependencies.
        member: Path of the file in the wheel.

    Raises:
        ToolError: The download failed, or the wheel has no such file.
    """
    with TemporaryDirectory() as folder:
        wheel = _download(package, Path(folder))
        return read_wheel(package, wheel, member)


def read_folder(package: Package, folder: str) -> dict[str, bytes]:
    """Download a package's wheel and return the files below a folder of it.

    Args:
        package: Package to download, without its dependencies.
        folder: Path of the folder in the wheel, with a slash at its end.

    Returns:
        The content of each file by its path below the folder.

    Raises:
        ToolError: The download failed, or the wheel has no such folder.
    """
    with TemporaryDirectory() as into:
        return read_wheel_folder(package, _download(package, Path(into)), folder)


def read_wheel_folder(package: Package, wheel: Path, folder: str) -> dict[str, bytes]:
    """Return the files below a folder of a downloaded wheel.

    Raises:
        ToolError: The wheel has no such folder.
    """
    with ZipFile(wheel) as archive:
        names = [n for n in archive.namelist() if n.startswith(folder) and not n.endswith("/")]
        if not names:
            message = (
                f"{package} has no files in {folder!r}: pin a version that has them, "
                "or change the path"
            )
            raise ToolError(message)
        return {name.removeprefix(folder): archive.read(name) for name in names}


def read_wheel(package: Package, wheel: Path, member: str) -> bytes:
    """Return one file of a downloaded wheel.

    Raises:
        ToolError: The wheel has no such file.
    """
    with ZipFile(wheel) as archive:
        if member not in archive.namelist():
            message = (
                f"{package} has no file {member!r}: pin a version that has it, or change the path"
            )
            raise ToolError(message)
        return archive.read(member)


def download_newest(name: str, folder: Path) -> tuple[Package, Path]:
    """Download the newest wheel of a package, without its dependencies.

    Args:
        name: Name of the package.
        folder: Empty folder for the wheel.

    Returns:
        The package as it would be pinned, and the path of the wheel.

    Raises:
        ToolError: The download failed.
    """
    wheel = _pip_download(name, [name], folder)
    # The name of a wheel is its package, version and tags, separated by hyphens.
    version = wheel.name.split("-")[1]
    return Package(name, version, hashlib.sha256(wheel.read_bytes()).hexdigest()), wheel


def _download(package: Package, folder: Path) -> Path:
    # pip reads hashes from requirement files only.
    requirements = folder / "requirements.txt"
    requirements.write_text(
        f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", encoding="utf-8"
    )
    return _pip_download(
        str(package), ["--require-hashes", "--requirement", str(requirements)], folder
    )


def _pip_download(name: str, arguments: list[str], folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(folder), *arguments]
    done = subprocess.run(  # noqa: S603 - fixed arguments without a shell
        command, capture_output=True, text=True, check=False
    )
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        message = (
            f"cannot download {name} with pip: {_reason(done.stderr)}; "
            "check that pip is installed, its settings and the network, then run the tool again"
        )
        raise ToolError(message)
    return wheels[0]


def _reason(output: str) -> str:
    """Return the line of pip's output with the reason: the last error, or else the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["pip gave no reason"])[-1]

"""Files out of published Python packages, pinned by version and hash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from attrs import frozen

from tools.errors import ToolError


@frozen
class Package:
    """One wheel of one package.

    Attributes:
        name: The name of the package.
        version: The exact version.
        sha256: The hash of the wheel, in hexadecimal; pip refuses any other file.
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
        package: The package to download, without what it depends on.
        member: The path of the file inside the wheel.

    Raises:
        ToolError: The download failed, or the wheel has no such file.
    """
    with TemporaryDirectory() as folder:
        wheel = _download(package, Path(folder))
        with ZipFile(wheel) as archive:
            if member not in archive.namelist():
                message = (
                    f"{package} has no file {member!r}: pin a version that has it, "
                    "or change the path"
                )
                raise ToolError(message)
            return archive.read(member)


def _download(package: Package, folder: Path) -> Path:
    # Hashes are read from requirement files only.
    requirements = folder / "requirements.txt"
    requirements.write_text(
        f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary", ":all:", "--require-hashes"]
    command += ["--dest", str(folder), "--requirement", str(requirements)]
    done = subprocess.run(  # noqa: S603 - the words are the constants above, and no shell reads them
        command, capture_output=True, text=True, check=False
    )
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        message = (
            f"cannot download {package} with pip: {_reason(done.stderr)}; "
            "check that pip is installed, its settings and the network, then run the tool again"
        )
        raise ToolError(message)
    return wheels[0]


def _reason(output: str) -> str:
    """Return the line of pip's output that says why: its last error, else its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["pip gave no reason"])[-1]

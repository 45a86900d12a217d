"""Copies of the packages with AWS's models: installed ones and wheels."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata, resources
from pathlib import Path

from attrs import field, frozen

from tools.errors import ToolError
from tools.packages import Package, download_newest, read_wheel

BOTOCORE = "botocore"
CFN_LINT = "cfn-lint"


@frozen
class Copy:
    """Version of a package whose files can be read.

    Attributes:
        package: Name on the index, such as ``cfn-lint``.
        version: Version of this copy.
        read_bytes: Function that returns a file by its path in the wheel; raises ``ToolError``.
    """

    package: str
    version: str
    read_bytes: Callable[[str], bytes] = field(eq=False, repr=False)

    def __str__(self) -> str:
        """Return the name and the version, for messages and headers."""
        return f"{self.package} {self.version}"


def installed(package: str) -> Copy:
    """Return the installed copy of a package.

    The files are read directly, because botocore's loader would prefer models in the home folder
    of the user.

    Raises:
        ToolError: The package is not installed.
    """
    try:
        version = metadata.version(package)
    except metadata.PackageNotFoundError as error:
        message = f"{package} is not installed; install the project's pinned {package}"
        raise ToolError(message) from error
    return Copy(package, version, lambda path: _read_installed(package, path))


def newest(package: str, folder: Path) -> Copy:
    """Download the newest version of a package and return it.

    Args:
        package: Name on the index.
        folder: Folder for the wheel, which must exist as long as the copy is used.

    Raises:
        ToolError: The download failed.
    """
    into = folder / package
    into.mkdir()
    return wheel_copy(*download_newest(package, into))


def wheel_copy(package: Package, wheel: Path) -> Copy:
    """Return the copy in a wheel."""
    return Copy(package.name, package.version, lambda path: read_wheel(package, wheel, path))


def _read_installed(package: str, path: str) -> bytes:
    module, _, inside = path.partition("/")
    try:
        return resources.files(module).joinpath(inside).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        message = (
            f"cannot read {inside} of {package}: {error}; install the project's pinned {package}"
        )
        raise ToolError(message) from error

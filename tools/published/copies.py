"""Copies of the packages that ship AWS's models: the installed one, or a wheel."""

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
    """One version of a package, of which single files are read.

    Attributes:
        package: The name on the index, such as ``cfn-lint``.
        version: The version of this copy.
        read_bytes: Gives one file by its path in the package's wheel; raises ``ToolError``.
    """

    package: str
    version: str
    read_bytes: Callable[[str], bytes] = field(eq=False, repr=False)

    def __str__(self) -> str:
        """Return the name and the version, for messages and headers."""
        return f"{self.package} {self.version}"


def installed(package: str) -> Copy:
    """Return the copy of a package that this environment has.

    Its files are read as they stand: botocore's own loader would let a model in the user's home
    replace one.

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
        package: The name on the index.
        folder: Where the wheel goes, and stays as long as the copy is read.

    Raises:
        ToolError: The download failed.
    """
    into = folder / package
    into.mkdir()
    return wheel_copy(*download_newest(package, into))


def wheel_copy(package: Package, wheel: Path) -> Copy:
    """Return the copy that a wheel holds."""
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

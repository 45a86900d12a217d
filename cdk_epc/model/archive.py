"""Archive (``model.tar.gz``) of a folder, as SageMaker unpacks it.

CDK would upload a folder as a ``.zip``, which SageMaker cannot read. The asset hash covers the
files and not the archive, whose bytes depend on the compressing library, so that the same files
have the same hash on every machine.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
import aws_cdk as cdk

from cdk_epc._records import Record
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.rules.call_errors import MODEL_ASSET

if TYPE_CHECKING:
    from aws_cdk import SymlinkFollowMode

_NAME: Final = "model.tar.gz"
_EXECUTABLE: Final = 0o111
_BYTECODE: Final = "__pycache__"
_MAX_FILES: Final = 100_000


@attrs.frozen(eq=False, repr=False)
class FolderContent(Record):
    """Files of a folder, with the paths that its archive leaves out and the external links in it.

    Attributes:
        files: Files by relative path, sorted.
        left_out: Reason for each path that the archive leaves out. Bytecode is not listed, because
            it depends on the modules that Python imported before.
        outside: Links that lead outside of the folder, whose files the archive contains.
    """

    files: Mapping[str, Path]
    left_out: Mapping[str, str] = attrs.Factory(dict[str, str])
    outside: tuple[str, ...] = ()


def content_of(
    folder: Path, follow: SymlinkFollowMode = cdk.SymlinkFollowMode.NEVER
) -> FolderContent:
    """Return the files of a folder.

    A link inside of the folder is packed as the file or folder that it names, because SageMaker
    does not extract links.

    Args:
        folder: The folder.
        follow: Treatment of links that lead outside of the folder, as for CDK's assets.

    Raises:
        ArgumentTypeError: A name is not UTF-8, a folder cannot be read, there are more than
            100,000 files, or a link leads outside although the mode forbids it.
    """
    return _Walk(folder, follow).content()


class _Walk:
    """Walk through a folder; each folder on the way to a file is entered once."""

    def __init__(self, folder: Path, follow: SymlinkFollowMode) -> None:
        self._folder = folder
        self._follow = follow
        self._root = os.path.realpath(folder)
        self._files: dict[str, Path] = {}
        self._left_out: dict[str, str] = {}
        self._outside: list[str] = []

    def content(self) -> FolderContent:
        left: list[tuple[str, str, frozenset[str]]] = [("", str(self._folder), frozenset())]
        while left:
            prefix, folder, above = left.pop()
            real = os.path.realpath(folder)
            if real in above:
                self._left_out[prefix.removesuffix("/")] = "the link leads to a folder above it"
                continue
            for entry in self._entries(folder):
                path = f"{prefix}{entry.name}"
                if self._is_left_out(path, entry):
                    continue
                if entry.is_dir():
                    left.append((f"{path}/", entry.path, above | {real}))
                else:
                    self._files[path] = Path(entry.path)
            if len(self._files) > _MAX_FILES:
                raise _unfit(self._folder, f"a folder with at most {_MAX_FILES:,} files")
        return FolderContent(
            dict(sorted(self._files.items())),
            dict(sorted(self._left_out.items())),
            tuple(sorted(self._outside)),
        )

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                return [entry for entry in found if entry.name != _BYTECODE]
        except OSError as error:
            raise _unfit(folder, f"a folder that can be read ({error.strerror})") from None

    def _is_left_out(self, path: str, entry: os.DirEntry[str]) -> bool:
        """Return whether the archive leaves out a path; the reason is recorded."""
        if not _is_utf8(entry.name):
            raise _unfit(
                path, "a path of the artifacts in UTF-8, because Python cannot read others"
            )
        if entry.is_symlink():
            return self._is_left_out_link(path, entry)
        if not (entry.is_dir() or entry.is_file()):
            self._left_out[path] = "it is neither a file nor a folder"
            return True
        return False

    def _is_left_out_link(self, path: str, entry: os.DirEntry[str]) -> bool:
        if not os.path.exists(entry.path):  # noqa: PTH110 - a link that leads to itself is no error
            self._left_out[path] = "the target of the link does not exist"
            return True
        if not (entry.is_dir() or entry.is_file()):
            self._left_out[path] = "the link leads neither to a file nor to a folder"
            return True
        if Path(os.path.realpath(entry.path)).is_relative_to(self._root):
            return False
        if self._follow is cdk.SymlinkFollowMode.BLOCK_EXTERNAL:
            raise _unfit(
                path,
                "a link within the folder because follow_symlinks is BLOCK_EXTERNAL",
            )
        if self._follow is cdk.SymlinkFollowMode.NEVER:
            self._left_out[path] = "the link leads outside of the folder"
            return True
        self._outside.append(path)
        return False


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unfit(got: object, allowed: str) -> ArgumentTypeError:
    fix = "Correct the folder of the artifacts, or pass an archive (.tar.gz) of it."
    return ArgumentTypeError(got, allowed, fix, rule=MODEL_ASSET)


def hash_of(files: Mapping[str, Path]) -> str:
    """Return a hash of files by relative path: paths, executable bits and contents."""
    files_hash = hashlib.sha256()
    for path, file in files.items():
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        files_hash.update(f"{path}\0{_mode(file):o}\0{digest}\n".encode())
    return files_hash.hexdigest()


def pack(files: Mapping[str, Path], into: Path) -> Path:
    """Pack files into an archive, without times and owners.

    Args:
        files: Files by their path in the archive.
        into: Folder of the archive.

    Returns:
        Path of the archive.
    """
    target = into / _NAME
    with (
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for path, file in files.items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = file.stat().st_size, _mode(file)
            with file.open("rb") as content:
                archive.addfile(entry, content)
    return target


def _mode(file: Path) -> int:
    return 0o755 if file.stat().st_mode & _EXECUTABLE else 0o644

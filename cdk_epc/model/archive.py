"""A folder as the archive that SageMaker unpacks.

CDK would upload a folder as a ``.zip``, which SageMaker cannot read. The same files give the same
asset on every machine: what is hashed is the files, and not the archive, whose bytes depend on who
compressed it.
"""

from __future__ import annotations

import gzip
import hashlib
import tarfile
from pathlib import Path
from typing import Final

_NAME: Final = "model.tar.gz"
_EXECUTABLE: Final = 0o111
_BYTECODE: Final = "__pycache__"


def files_in(folder: Path) -> dict[str, Path]:
    """The files of a folder by their paths in it, in one order.

    Bytecode is left out: which of it is there depends on who ran what before.
    """
    every = {each.relative_to(folder): each for each in folder.rglob("*") if each.is_file()}
    kept = {path.as_posix(): each for path, each in every.items() if _BYTECODE not in path.parts}
    return dict(sorted(kept.items()))


def hash_of(folder: Path) -> str:
    """A hash of the files of a folder: their paths, whether they can be run, and their content."""
    whole = hashlib.sha256()
    for path, file in files_in(folder).items():
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        whole.update(f"{path}\0{_mode(file):o}\0{digest}\n".encode())
    return whole.hexdigest()


def pack(folder: Path, into: Path) -> Path:
    """Pack the files of a folder, without times and owners.

    Args:
        folder: The folder; its own name is not in the archive.
        into: Where the archive is written.

    Returns:
        The archive.
    """
    target = into / _NAME
    with (
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for path, file in files_in(folder).items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = file.stat().st_size, _mode(file)
            with file.open("rb") as content:
                archive.addfile(entry, content)
    return target


def _mode(file: Path) -> int:
    return 0o755 if file.stat().st_mode & _EXECUTABLE else 0o644

"""Archive (``model.tar.gz``) of a folder, as SageMaker unpacks it.

CDK would upload a folder as a ``.zip``, which SageMaker cannot read. The asset hash covers the
files and not the archive, whose bytes depend on the compressing library, so that the same files
have the same hash on every machine.
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
    """Return the files of a folder by relative path, sorted.

    Bytecode is left out, because it depends on which modules were run before.
    """
    every = {each.relative_to(folder): each for each in folder.rglob("*") if each.is_file()}
    kept = {path.as_posix(): each for path, each in every.items() if _BYTECODE not in path.parts}
    return dict(sorted(kept.items()))


def hash_of(folder: Path) -> str:
    """Return a hash of the files in a folder: paths, executable bits and contents."""
    folder_hash = hashlib.sha256()
    for path, file in files_in(folder).items():
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        folder_hash.update(f"{path}\0{_mode(file):o}\0{digest}\n".encode())
    return folder_hash.hexdigest()


def pack(folder: Path, into: Path) -> Path:
    """Pack the files of a folder into an archive, without times and owners.

    Args:
        folder: The folder; its own name is not in the archive.
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
        for path, file in files_in(folder).items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = file.stat().st_size, _mode(file)
            with file.open("rb") as content:
                archive.addfile(entry, content)
    return target


def _mode(file: Path) -> int:
    return 0o755 if file.stat().st_mode & _EXECUTABLE else 0o644

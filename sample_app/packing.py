"""The archives that the models load, packed from `artifacts/` while the app is built.

The same files give the same bytes, so that nothing is deployed anew without a change.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cdk_epc import ModelData

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARTIFACTS: Final = Path(__file__).parent / "artifacts"
_PACKED: Final = tempfile.TemporaryDirectory(prefix="shop-models-")
"""CDK copies the archives into its own folder; this one goes when the process ends."""

SCRIPT_MODE: Final[Mapping[str, str]] = {
    "SAGEMAKER_PROGRAM": "inference.py",
    "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
}
"""How the scikit-learn container finds the code in the archive."""


def packed(name: str) -> ModelData:
    """The weights of this name with the code that reads them, as SageMaker unpacks them."""
    archive = Path(_PACKED.name) / name / "model.tar.gz"
    archive.parent.mkdir(exist_ok=True)
    archive.write_bytes(archive_of(name))
    return ModelData.from_asset(str(archive))


def archive_of(name: str) -> bytes:
    """The bytes of the archive: no times, no owners, the files in one order."""
    files = {
        "code/inference.py": _ARTIFACTS / "code" / "inference.py",
        "weights.json": _ARTIFACTS / name / "weights.json",
    }
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, source in files.items():
            data = source.read_bytes()
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)

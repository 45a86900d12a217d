"""The archives that the shop's models load: the same each time, and they work where they run."""

from __future__ import annotations

import importlib.util
import io
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

from sample_app.packing import archive_of

NAMES = ["churn", "fraud-challenger", "fraud-champion", "ranking-current", "ranking-following"]
ROWS = {
    "churn": ("4,0,30,1", "0.289050"),
    "fraud-champion": ("1,2,0,10", "0.710950"),
    "ranking-current": ("0,0,0", "0.268941"),
}


def unpacked(name: str, folder: Path) -> ModuleType:
    """The code of an archive, as the container finds it."""
    with tarfile.open(fileobj=io.BytesIO(archive_of(name)), mode="r:gz") as archive:
        archive.extractall(folder, filter="data")
    spec = importlib.util.spec_from_file_location("inference", folder / "code" / "inference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", NAMES)
def test_the_same_bytes_each_time(name: str):
    assert archive_of(name) == archive_of(name)


@pytest.mark.parametrize(("name", "row", "score"), [(n, *each) for n, each in ROWS.items()])
def test_a_request_is_answered(name: str, row: str, score: str, tmp_path: Path):
    code = unpacked(name, tmp_path)
    model = code.model_fn(str(tmp_path))
    rows = code.input_fn(f"{row}\n".encode(), "text/csv")
    assert code.output_fn(code.predict_fn(rows, model), "text/csv") == (score, "text/csv")


def test_what_is_no_csv_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="allowed: text/csv"):
        unpacked("churn", tmp_path).input_fn("{}", "application/json")


def test_a_row_of_another_length_is_refused(tmp_path: Path):
    code = unpacked("churn", tmp_path)
    with pytest.raises(ValueError, match="a row has 2 columns; allowed: 4"):
        code.predict_fn([[1.0, 2.0]], code.model_fn(str(tmp_path)))

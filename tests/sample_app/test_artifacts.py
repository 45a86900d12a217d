"""The code that the shop's models run: it answers as its container calls it."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from sample_app.scoring import ARTIFACT, container_of

ROWS = {
    "churn": ("4,0,30,1", "0.289050"),
    "fraud-champion": ("1,2,0,10", "0.710950"),
    "ranking-current": ("0,0,0", "0.268941"),
}


@pytest.fixture
def code() -> ModuleType:
    """The code of the archive, as the container finds it."""
    spec = importlib.util.spec_from_file_location("inference", ARTIFACT / "code" / "inference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHTS", "churn")


@pytest.mark.parametrize(("name", "row", "score"), [(n, *each) for n, each in ROWS.items()])
def test_a_request_is_answered(
    code: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str, row: str, score: str
):
    for variable, value in (container_of(name).environment or {}).items():
        monkeypatch.setenv(variable, value)
    model = code.model_fn(str(ARTIFACT))
    rows = code.input_fn(f"{row}\n".encode(), "text/csv")
    assert code.output_fn(code.predict_fn(rows, model), "text/csv") == (score, "text/csv")


def test_what_is_no_csv_is_refused(code: ModuleType):
    with pytest.raises(ValueError, match="allowed: text/csv"):
        code.input_fn("{}", "application/json")


def test_a_row_of_another_length_is_refused(code: ModuleType):
    with pytest.raises(ValueError, match="a row has 2 columns; allowed: 4"):
        code.predict_fn([[1.0, 2.0]], code.model_fn(str(ARTIFACT)))

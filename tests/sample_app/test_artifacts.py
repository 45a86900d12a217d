"""Tests of the inference code, called as by SageMaker's container."""

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
    """Return the code of the archive as a module."""
    spec = importlib.util.spec_from_file_location("inference", ARTIFACT / "code" / "inference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHTS", "churn")


def test_each_model_scores_a_row(code: ModuleType, monkeypatch: pytest.MonkeyPatch):
    scores = {}
    for name, (row, _) in ROWS.items():
        for variable, value in (container_of(name).environment or {}).items():
            monkeypatch.setenv(variable, value)
        model = code.model_fn(str(ARTIFACT))
        rows = code.input_fn(f"{row}\n".encode(), "text/csv")
        scores[name] = code.output_fn(code.predict_fn(rows, model), "text/csv")
    assert scores == {name: (score, "text/csv") for name, (_, score) in ROWS.items()}


def test_other_content_type_raises(code: ModuleType):
    with pytest.raises(
        ValueError, match="content type application/json is not supported; must be text/csv"
    ):
        code.input_fn("{}", "application/json")


def test_row_of_another_length_raises(code: ModuleType):
    with pytest.raises(ValueError, match="a row has 2 columns; must have 4"):
        code.predict_fn([[1.0, 2.0]], code.model_fn(str(ARTIFACT)))

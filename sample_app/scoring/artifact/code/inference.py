"""What runs in the container: a logistic model over a row of numbers, CSV in and CSV out.

SageMaker's scikit-learn container calls these four functions. Nothing but Python's own library is
used, so the same file runs in the tests.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
from pathlib import Path
from typing import Any


def model_fn(model_dir: str) -> dict[str, Any]:
    """The weights that the environment names: one number for each column, and the intercept."""
    file = Path(model_dir, "weights", f"{os.environ['WEIGHTS']}.json")
    weights: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return weights


def input_fn(body: bytes | str, content_type: str) -> list[list[float]]:
    """Rows of numbers."""
    if content_type != "text/csv":
        raise ValueError(f"the content type is {content_type}; allowed: text/csv")
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    return [[float(value) for value in row] for row in csv.reader(io.StringIO(text)) if row]


def predict_fn(rows: list[list[float]], model: dict[str, Any]) -> list[float]:
    """The score of each row, from 0 to 1."""
    return [_score(row, model) for row in rows]


def output_fn(scores: list[float], _accept: str) -> tuple[str, str]:
    """One score on each line."""
    return "\n".join(f"{score:.6f}" for score in scores), "text/csv"


def _score(row: list[float], model: dict[str, Any]) -> float:
    if len(row) != len(model["weights"]):
        raise ValueError(f"a row has {len(row)} columns; allowed: {len(model['weights'])}")
    pairs = zip(model["weights"], row)  # noqa: B905 - the container's Python knows no `strict`
    return 1 / (1 + math.exp(-model["intercept"] - sum(weight * x for weight, x in pairs)))

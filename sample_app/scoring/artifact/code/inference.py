"""Inference code: a logistic model that scores rows of numbers, with CSV input and output.

SageMaker's scikit-learn container calls the four public functions. The code uses only Python's
standard library, so that the tests can run it.
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
    """Return the model in ``WEIGHTS``: a weight for each column, and the intercept."""
    file = Path(model_dir, "weights", f"{os.environ['WEIGHTS']}.json")
    weights: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return weights


def input_fn(body: bytes | str, content_type: str) -> list[list[float]]:
    """Return the rows of a CSV body as numbers."""
    if content_type != "text/csv":
        raise ValueError(f"content type {content_type} is not supported; must be text/csv")
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    return [[float(value) for value in row] for row in csv.reader(io.StringIO(text)) if row]


def predict_fn(rows: list[list[float]], model: dict[str, Any]) -> list[float]:
    """Return the score of each row, from 0 to 1."""
    return [_score(row, model) for row in rows]


def output_fn(scores: list[float], _accept: str) -> tuple[str, str]:
    """Return the scores as CSV, one on each line."""
    return "\n".join(f"{score:.6f}" for score in scores), "text/csv"


def _score(row: list[float], model: dict[str, Any]) -> float:
    if len(row) != len(model["weights"]):
        raise ValueError(f"a row has {len(row)} columns; must have {len(model['weights'])}")
    pairs = zip(model["weights"], row)  # noqa: B905 - the container's Python knows no `strict`
    return 1 / (1 + math.exp(-model["intercept"] - sum(weight * x for weight, x in pairs)))

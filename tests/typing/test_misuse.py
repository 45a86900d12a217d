"""The types of the builder methods are an interface: misusing them fails type checking."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.pin_only
def test_every_misuse_fails_type_checking() -> None:
    """With strict mypy an ignore that nothing needs is an error, so no misuse may pass."""
    from mypy import api

    output, errors, status = api.run(["--strict", str(HERE / "misuse.py")])
    assert (status, errors) == (0, ""), output

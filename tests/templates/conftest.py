"""Fixtures of all tests of templates."""

from __future__ import annotations

import pytest

from cdk_epc.templates import check


@pytest.fixture(autouse=True)
def _no_cached_rules() -> None:
    """Clear the cached rules, so that mutation testing runs their selection in each test."""
    vars(check)["_default_rules"].cache_clear()

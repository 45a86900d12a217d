"""Fixtures of all tests of rules."""

from __future__ import annotations

import pytest

from cdk_epc.rules import fields


@pytest.fixture(autouse=True)
def _without_cached_tests() -> None:
    """Forget the tests of each member, because a mutant of them would reach one test only."""
    vars(fields)["_TESTED"].clear()

"""What every test of rules begins with."""

from __future__ import annotations

import pytest

from cdk_epc.rules import breaches


@pytest.fixture(scope="session", autouse=True)
def _bounds_worked_out_anew() -> None:
    """Forget what there is to test of a member: a process that was forked has it from before."""
    vars(breaches)["_TESTED"].clear()

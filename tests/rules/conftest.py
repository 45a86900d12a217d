"""What every test of rules begins with."""

from __future__ import annotations

import pytest

from cdk_epc.rules import fields


@pytest.fixture(autouse=True)
def _bounds_worked_out_anew() -> None:
    """Forget what there is to test of a member, so that each test sees it worked out.

    A mutant of it would otherwise be seen by the first test alone.
    """
    vars(fields)["_TESTED"].clear()

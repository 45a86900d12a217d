"""What every test of templates begins with."""

from __future__ import annotations

import pytest

from cdk_epc.templates import check as app


@pytest.fixture(autouse=True)
def _rules_put_together_anew() -> None:
    """Forget which rules are asked about what, so that each test sees it worked out.

    A mutant of it would otherwise be seen by the first test alone.
    """
    vars(app)["_default_rules"].cache_clear()

"""Lines of code of three apps, as docs/README.md states them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from apps.ab_test import AbTest
from apps.async_in_vpc import AsyncInVpc
from apps.code_lines import lines_as_l1, lines_of_app
from apps.language_model import LanguageModel
from apps.synthesis import synthesize

pytestmark = pytest.mark.pin_only

_HERE = Path(__file__).parent
_ROW = re.compile(
    r"^\| \[`(\w+)`\]\(\.\./tests/apps/(\w+\.py)\).* \| (\d+) \| (\d+) \|$", re.MULTILINE
)


def test_the_table_of_lines_is_measured() -> None:
    text = (_HERE.parents[1] / "docs" / "README.md").read_text("utf-8")
    stated = [(name, file, int(own), int(l1)) for name, file, own, l1 in _ROW.findall(text)]
    measured = [
        (
            stack.__name__,
            f"{stack.__module__.rpartition('.')[2]}.py",
            lines_of_app(_HERE / f"{stack.__module__.rpartition('.')[2]}.py"),
            lines_as_l1(synthesize(lambda app, stack=stack: stack(app, "Stack"))["Stack"]),
        )
        for stack in (LanguageModel, AbTest, AsyncInVpc)
    ]
    assert stated == measured

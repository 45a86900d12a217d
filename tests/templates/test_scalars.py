"""Plain values as CloudFormation reads them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cdk_epc.spec.fields import Bounds
from cdk_epc.templates.expressions import convert_scalar, is_scalar, to_text

HUGE = 1 << 5000


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        (int, 2, 2),
        (int, "2", 2),
        (int, "-2", -2),
        (int, "+2", 2),
        (int, "02", 2),
        (int, 1.0, 1),
        (int, 1.5, 1.5),
        (int, math.inf, math.inf),
        (int, "2.0", "2.0"),
        (int, " 2", " 2"),
        (int, "2 ", "2 "),
        (int, "1_0", "1_0"),
        (int, "²", "²"),
        (int, "9" * 31, "9" * 31),
        (int, True, True),
        (int, "", ""),
        (int, [2], [2]),
        (int, None, None),
        (float, 0.5, 0.5),
        (float, 1, 1),
        (float, "0.5", 0.5),
        (float, ".5", 0.5),
        (float, "5.", 5.0),
        (float, "-1", -1),
        (float, "1e-1", 0.1),
        (float, "nan", "nan"),
        (float, "inf", "inf"),
        (float, "1,5", "1,5"),
        (float, False, False),
        (bool, True, True),
        (bool, "true", True),
        (bool, "False", False),
        (bool, "TRUE", True),
        (bool, "yes", "yes"),
        (bool, 1, 1),
        (str, "a", "a"),
        (str, 1, "1"),
        (str, 1.5, "1.5"),
        (str, True, "true"),
        (str, False, "false"),
        (str, ["a"], ["a"]),
        (str, HUGE, HUGE),
    ],
)
def test_converted(kind: type, value: Any, read: Any) -> None:
    found = convert_scalar(Bounds(kind), value)
    assert (found, type(found)) == (read, type(read))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", True),
        (0, True),
        (False, True),
        (1.5, True),
        (1 << 1023, True),
        (1 << 1024, False),
        (None, False),
        ([], False),
        ({}, False),
    ],
)
def test_is_scalar(value: Any, *, expected: bool) -> None:
    assert is_scalar(value) is expected


def test_text_is_converted_before_it_is_compared() -> None:
    assert [to_text(value) for value in (True, False, 1, 1.5, "True")] == [
        "true",
        "false",
        "1",
        "1.5",
        "True",
    ]

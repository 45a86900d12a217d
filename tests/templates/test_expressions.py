"""Syntax of expressions: functions, names, keys and scalars."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from kit.templates import nested

from cdk_epc.spec.fields import Bounds
from cdk_epc.templates.expressions import (
    MAX_DEPTH,
    canonical_key,
    convert_scalar,
    is_function,
    is_scalar,
    names_in,
    to_text,
)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("Ref", True),
        ("Fn::If", True),
        ("Fn::ForEach::A", True),
        ("Reference", False),
        ("fn::if", False),
        ("Condition", False),
        (1, False),
    ],
)
def test_is_function(key: Any, *, expected: bool) -> None:
    assert is_function(key) is expected


NAMES: list[tuple[Any, list[tuple[str, str]]]] = [
    ({"Ref": "A"}, [("Ref", "A")]),
    ({"Ref": ["A"]}, []),
    ({"Ref": {"Ref": "A"}}, [("Ref", "A")]),
    ({"Fn::ImportValue": "A"}, [("Fn::ImportValue", "A")]),
    (
        {"Fn::GetStackOutput": {"OutputName": "O", "StackName": "S"}},
        [("Fn::GetStackOutput", "S.O")],
    ),
    (
        {"Fn::GetStackOutput": {"OutputName": "O", "StackName": "S", "Region": "r"}},
        [("Fn::GetStackOutput", "S.O.r")],
    ),
    ({"Fn::GetStackOutput": {"OutputName": {"Ref": "A"}, "StackName": "S"}}, [("Ref", "A")]),
    ({"Fn::GetStackOutput": {"OutputName": "O"}}, []),
    ({"Fn::GetAtt": "A.B.C"}, [("Fn::GetAtt", "A")]),
    ({"Fn::GetAtt": ["A", "B"]}, [("Fn::GetAtt", "A")]),
    ({"Fn::GetAtt": ("A", "B")}, [("Fn::GetAtt", "A")]),
    ({"Fn::GetAtt": []}, []),
    ({"Fn::GetAtt": [{"Ref": "A"}, "B"]}, [("Ref", "A")]),
    ({"Fn::Sub": "${A}-${B.C.D}-E"}, [("Ref", "A"), ("Fn::GetAtt", "B")]),
    ({"Fn::Sub": ["${A.B}", {"C": {"Ref": "D"}}]}, [("Fn::GetAtt", "A"), ("Ref", "D")]),
    ({"Fn::Join": ["${A}", ["B"]]}, []),
    ({"Fn::If": ["A", {"Ref": "B"}, {"Ref": "C"}]}, [("Ref", "B"), ("Ref", "C")]),
    ("A", []),
    (None, []),
]


@pytest.mark.parametrize(("node", "names"), NAMES, ids=[str(node) for node, _ in NAMES])
def test_names_in(node: Any, names: list[tuple[str, str]]) -> None:
    assert list(names_in(node)) == names


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_names_in_deep_expressions(wrap: Callable[[Any], Any]) -> None:
    assert list(names_in(nested(MAX_DEPTH, wrap, {"Ref": "A"}))) == [("Ref", "A")]
    assert list(names_in(nested(MAX_DEPTH + 1, wrap, {"Ref": "A"}))) == []


@pytest.mark.parametrize(
    ("one", "other", "is_equal"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({1: "a"}, {"1": "a"}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"b": 1}, False),
        ([1, 2], [1, 2], True),
        ([1, 2], [2, 1], False),
        ([1], (1,), True),
        ([], {}, False),
        (1, "1", True),
        (True, "true", True),
        ([1], 1, False),
    ],
)
def test_canonical_key(one: Any, other: Any, *, is_equal: bool) -> None:
    assert (canonical_key(one) == canonical_key(other)) is is_equal


def test_canonical_key_of_values_that_are_no_json() -> None:
    one, other = object(), object()
    assert canonical_key([one]) == canonical_key([one])
    assert canonical_key([one]) != canonical_key([other])
    assert canonical_key(None) == canonical_key(None) != canonical_key("None")


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_canonical_key_of_deep_values(wrap: Callable[[Any], Any]) -> None:
    at_last, other = nested(MAX_DEPTH, wrap, []), nested(MAX_DEPTH, wrap, [])
    assert canonical_key(at_last) == canonical_key(other)
    beyond, other = nested(MAX_DEPTH + 1, wrap, []), nested(MAX_DEPTH + 1, wrap, [])
    assert canonical_key(beyond) != canonical_key(other)


HUGE = 1 << 5000


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
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
def test_convert_scalar(kind: type, value: Any, expected: Any) -> None:
    found = convert_scalar(Bounds(kind), value)
    assert (found, type(found)) == (expected, type(expected))


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


def test_to_text() -> None:
    assert [to_text(value) for value in (True, False, 1, 1.5, "True")] == [
        "true",
        "false",
        "1",
        "1.5",
        "True",
    ]

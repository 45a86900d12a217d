"""Positions of values in a template."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import evaluation_of, nested

from cdk_epc.templates.expressions import MAX_DEPTH
from cdk_epc.templates.positions import expression_at, position_of

YES: dict[str, Any] = {"Fn::Equals": ["a", "a"]}
RESOURCE: dict[str, Any] = {
    "Type": "T",
    "Properties": {
        "A": {"Fn::If": ["Yes", [{"Ref": "AWS::NoValue"}, {"B": 1}], 2]},
        "C": {"Fn::Join": ["", ["a"]]},
        "D": {"Fn::If": ["Missing", 1, 2]},
        3: {"E": None},
        "F": nested(MAX_DEPTH, lambda inner: {"Fn::If": ["Yes", inner, 0]}, "x"),
        "H": [{"Ref": "AWS::NoValue"}, 1, {"Ref": "AWS::NoValue"}, 2, 3, 4],
        "G": nested(MAX_DEPTH + 1, lambda inner: {"Fn::If": ["Yes", inner, 0]}, "x"),
    },
}
AT = ("Resources", "R", "Properties")
POSITIONS: list[tuple[tuple[str | int, ...], tuple[str | int, ...], Any]] = [
    ((), (), RESOURCE["Properties"]),
    (("A", 0), ("A", "Fn::If", 1, 1), {"B": 1}),
    (("A", 0, "B"), ("A", "Fn::If", 1, 1, "B"), 1),
    (("A", 1), ("A", "Fn::If", 1, 1), None),
    (("A", 1, "B"), ("A", "Fn::If", 1, 1, "B"), None),
    (("A", "B"), ("A", "Fn::If", 1, "B"), None),
    (("C", 0), ("C",), {"Fn::Join": ["", ["a"]]}),
    (("D", 0), ("D",), {"Fn::If": ["Missing", 1, 2]}),
    (("3", "E"), (3, "E"), None),
    (("3", 0), (3, 0), None),
    (("Z", "Y"), ("Z", "Y"), None),
    (("H", 0), ("H", 1), 1),
    (("H", 1), ("H", 3), 2),
    (("H", 3), ("H", 5), 4),
    (("H", 4), ("H", 4), None),
    (("F",), ("F", *("Fn::If", 1) * MAX_DEPTH), "x"),
    (("G",), ("G", *("Fn::If", 1) * MAX_DEPTH), {"Fn::If": ["Yes", "x", 0]}),
]


@pytest.mark.parametrize(
    ("path", "position", "expression"), POSITIONS, ids=[str(path) for path, _, _ in POSITIONS]
)
def test_positions(
    path: tuple[str | int, ...], position: tuple[str | int, ...], expression: Any
) -> None:
    evaluation = evaluation_of(Resources={"R": RESOURCE}, Conditions={"Yes": YES})
    found = position_of(evaluation, "R", path)
    if path == ("A", 1):
        assert found == (*AT, "A", "Fn::If", 1, 1)
    assert found == (*AT, *position)
    assert expression_at(evaluation, "R", path) == expression

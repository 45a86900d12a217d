"""Type checks of resolved values; tokens and values of other types are none."""

from __future__ import annotations

import pytest

from cdk_epc.spec.unresolved import (
    Unresolved,
    is_integer,
    is_number,
    is_string,
    known_parts,
)

NUMBER_TOKEN = -1.8881545897087626e289
LATER = Unresolved({"Ref": "Later"})


@pytest.mark.parametrize(
    ("value", "types"),
    [
        (None, []),
        (LATER, []),
        (True, []),
        ([1], []),
        (0, ["integer", "number"]),
        (-3, ["integer", "number"]),
        (0.5, ["number"]),
        (NUMBER_TOKEN, []),
        (int(NUMBER_TOKEN), []),
        ("", ["string"]),
        ("fraud", ["string"]),
        ("${Token[TOKEN.7]}", []),
        ("s3://${Token[TOKEN.7]}/a", []),
    ],
)
def test_types_of_resolved_values(value: object, types: list[str]) -> None:
    checks = {"string": is_string, "integer": is_integer, "number": is_number}
    assert [name for name, check in checks.items() if check(value)] == types


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("a/b:1", ("a/b:1",)),
        ("", ("",)),
        ("${Token[TOKEN.7]}", (None,)),
        ("1.${Token[AWS.Region.4]}.b/${Token[TOKEN.7]}", ("1.", None, ".b/", None)),
        ("${Token[TOKEN.7]}${Token[TOKEN.8]}:1", (None, None, ":1")),
        (LATER, (None,)),
        (Unresolved({"Fn::Sub": "a-${Later}"}, None, ("a-", None)), ("a-", None)),
        (None, ()),
        (7, ()),
        (["a"], ()),
    ],
)
def test_known_parts_of_a_text(value: object, parts: tuple[str | None, ...]) -> None:
    assert known_parts(value) == parts

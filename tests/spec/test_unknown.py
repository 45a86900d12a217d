"""Values of a kind that are known: no token, no intrinsic function, and nothing of another kind."""

from __future__ import annotations

import pytest

from cdk_epc.spec.unresolved import (
    Unresolved,
    is_integer,
    is_number,
    is_string,
)

NUMBER_TOKEN = -1.8881545897087626e289
LATER = Unresolved({"Ref": "Later"})


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        (None, []),
        (LATER, []),
        (True, []),
        ([1], []),
        (0, ["whole", "number"]),
        (-3, ["whole", "number"]),
        (0.5, ["number"]),
        (NUMBER_TOKEN, []),
        (int(NUMBER_TOKEN), []),
        ("", ["text"]),
        ("fraud", ["text"]),
        ("${Token[TOKEN.7]}", []),
        ("s3://${Token[TOKEN.7]}/a", []),
    ],
)
def test_kinds_of_values(value: object, kinds: list[str]) -> None:
    judges = {"text": is_string, "whole": is_integer, "number": is_number}
    assert [kind for kind, evaluate in judges.items() if evaluate(value)] == kinds

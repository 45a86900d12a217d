"""The verdict over a mutation run: counts, and every survivor with its reason."""

from __future__ import annotations

import json
from pathlib import Path

from tools.mutants import change_of, exit_codes, verdict

DIFF = """# cdk_epc.rules.a.x_f__mutmut_1: survived
--- cdk_epc/rules/a.py
+++ cdk_epc/rules/a.py
@@ -1,2 +1,2 @@
 def f():
-    return 1
+    return 2
"""
CHANGE = ("cdk_epc.rules.a.x_f", "return 1 -> return 2")


def test_change_is_the_line_before_and_after():
    assert change_of("cdk_epc.rules.a.x_f__mutmut_1", DIFF) == CHANGE


def test_exit_codes_of_every_file(tmp_path: Path):
    for name, codes in (("a", {"m1": 1}), ("b", {"m2": None})):
        (tmp_path / f"{name}.py.meta").write_text(json.dumps({"exit_code_by_key": codes}), "utf-8")
    assert exit_codes(tmp_path) == {"m1": 1, "m2": None}


def test_all_killed_is_one_line():
    assert verdict({"m1": 1, "m2": 3}, [], []) == "2 mutants: {'killed': 2}, 100.0 % killed"


def test_survivor_with_a_reason_is_one_line():
    codes = {f"m{n}": 1 for n in range(19)} | {"m19": 0}
    counts = "20 mutants: {'killed': 19, 'survived': 1}, 95.0 % killed"
    assert verdict(codes, [CHANGE], [CHANGE]) == counts


def test_problems_are_reported():
    gone = ("cdk_epc.rules.a.x_g", "a -> b")
    assert verdict({"m1": 1, "m2": 0, "m3": None}, [CHANGE], [gone]).splitlines()[1:] == [
        "below 95 %",
        "survivor without a reason: cdk_epc.rules.a.x_f: return 1 -> return 2",
        "reason without a survivor: cdk_epc.rules.a.x_g: a -> b",
    ]

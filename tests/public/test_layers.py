"""Packages import in one direction only, types and imports inside functions included."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import cdk_epc

ROOT = Path(cdk_epc.__file__).parent

BELOW: dict[str, set[str]] = {}
"""The packages and top-level modules that each may import, besides itself."""
for package, below in {
    "_lazy_names": "",
    "_node": "",
    "_records": "",
    "_version": "",
    "spec": "_lazy_names _records",
    "catalog": "spec",
    "parsing": "spec",
    "rules": "spec catalog",
    "requests": "rules",
    "templates": "rules",
    "updates": "templates",
    "importing": "requests templates parsing",
    "cli": "requests updates parsing importing _version",
    "cfn_lint": "cli",
    "constructs": "requests updates parsing _version",
    "permissions": "constructs",
    "model": "permissions",
    "autoscaling": "model",
    "monitoring": "model",
    "endpoint_config": "autoscaling monitoring",
    "endpoint": "endpoint_config",
    "inference_component": "endpoint",
    "testing": "constructs _node",
}.items():
    BELOW[package] = set(below.split()).union(*(BELOW[each] for each in below.split()))

WITHOUT_CDK = (
    "spec",
    "catalog",
    "parsing",
    "rules",
    "requests",
    "templates",
    "updates",
    "importing",
    "cli",
    "cfn_lint",
)


def _imports(tree: ast.AST) -> Iterator[str]:
    """Every import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _modules() -> Iterator[tuple[str, Path]]:
    for file in sorted(ROOT.rglob("*.py")):
        steps = file.relative_to(ROOT).with_suffix("").parts
        if steps[0] not in ("__init__", "__main__"):
            yield steps[0], file


def test_every_package_has_its_place() -> None:
    assert {package for package, _ in _modules()} == BELOW.keys()


def test_contributing_describes_every_package_and_its_imports() -> None:
    text = (ROOT.parent / "CONTRIBUTING.md").read_text("utf-8")
    table = text.partition("\n## Packages\n")[2].partition("\n## ")[0]
    documented: dict[str, set[str]] = {}
    for package, column in re.findall(r"^\| `(\w+)` \| .* \| ?(.*?) ?\|$", table, re.MULTILINE):
        direct = re.findall(r"`(\w+)`", column)
        documented[package] = {*direct}.union(*(documented[each] for each in direct))
    # Each has one function, class or constant, which is not worth a row.
    modules = {"_lazy_names", "_node", "_records", "_version"}
    expected = {name: below - modules for name, below in BELOW.items() if name not in modules}
    assert documented == expected


def test_nothing_is_imported_from_above() -> None:
    wrong = {
        (str(file.relative_to(ROOT)), name)
        for package, file in _modules()
        for name in _imports(ast.parse(file.read_text("utf-8")))
        if name.startswith("cdk_epc.") and name.split(".")[1] not in {package, *BELOW[package]}
    }
    assert wrong == set()


def test_cdk_is_imported_by_constructs_alone() -> None:
    wrong = {
        (str(file.relative_to(ROOT)), name)
        for package, file in _modules()
        if package in WITHOUT_CDK
        for name in _imports(ast.parse(file.read_text("utf-8")))
        if name.split(".")[0] in {"aws_cdk", "jsii", "constructs"}
    }
    assert wrong == set()


def test_private_names_are_read_by_their_own_class_and_the_friend_interface() -> None:
    excused = {
        str(file.relative_to(ROOT))
        for _, file in _modules()
        if "reportPrivateUsage" in (text := file.read_text("utf-8")) or "SLF001" in text
    }
    # `sys._getframe` is the documented way to the frame of a caller.
    assert excused == {"constructs/internals.py", "constructs/call_sites.py"}


def test_nothing_casts_itself() -> None:
    wrong = {
        str(file.relative_to(ROOT))
        for _, file in _modules()
        if re.search(r"cast\(\s*\"[^\"]+\",\s*self\s*\)", file.read_text("utf-8"))
    }
    assert wrong == set()

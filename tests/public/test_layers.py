"""Packages import in one direction, and those without CDK never name it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cdk_epc

ROOT = Path(cdk_epc.__file__).parent

WITHOUT_CDK = ("spec", "catalog", "parsing", "rules", "templates", "cli")
WITH_CDK = (
    "constructs",
    "permissions",
    "model",
    "monitoring",
    "autoscaling",
    "endpoint_config",
    "endpoint",
    "inference_component",
)
ORDER = (*WITHOUT_CDK, *WITH_CDK)
"""Each package may import what stands before it."""


def _imports(tree: ast.AST) -> Iterator[str]:
    """The modules that are imported, at the top or in a function; what only types need is not."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield from _imports(node)


def _imports_of(package: str) -> dict[str, set[str]]:
    """The imports of each module of a package, as the first two words of their names."""
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    return {
        str(file.relative_to(ROOT)): {
            ".".join(name.split(".")[:2]) for name in _imports(ast.parse(file.read_text("utf-8")))
        }
        for file in files
    }


def test_every_package_has_its_place() -> None:
    assert sorted(ORDER) == sorted(file.parent.name for file in ROOT.glob("*/__init__.py"))


@pytest.mark.parametrize("package", ORDER)
def test_nothing_is_imported_from_above(package: str) -> None:
    allowed = {f"cdk_epc.{below}" for below in ORDER[: ORDER.index(package) + 1]}
    above = {
        module: sorted(other)
        for module, names in _imports_of(package).items()
        if (other := {name for name in names if name.split(".")[0] == "cdk_epc"} - allowed)
    }
    assert above == {}


@pytest.mark.parametrize("package", WITHOUT_CDK)
def test_cdk_is_not_imported(package: str) -> None:
    found = {name.split(".")[0] for names in _imports_of(package).values() for name in names}
    assert found & {"aws_cdk", "jsii", "constructs"} == set()


def test_an_import_is_seen_wherever_it_stands() -> None:
    text = """
import aws_cdk.aws_s3
if TYPE_CHECKING:
    import for_types
else:
    import skipped_with_it
def late():
    if asked:
        from cdk_epc.cli import run, stop
try:
    import yaml
except ImportError:
    import json
"""
    assert list(_imports(ast.parse(text))) == [
        "aws_cdk.aws_s3",
        "cdk_epc.cli.run",
        "cdk_epc.cli.stop",
        "yaml",
        "json",
    ]

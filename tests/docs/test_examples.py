"""Python examples of README.md and docs: each runs, synthesises and has the documented output.

An example starts from the two names of docs/README.md. A block marked ``text`` directly after an
example is its output or its error.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import aws_cdk as cdk
import pytest
from kit.dependency_graph import assert_acyclic, assert_in_order
from kit.iam_policies import assert_least_privilege

from cdk_epc import EndpointConfigError

# The lowest aws-cdk-lib still shows a warning that was acknowledged, which one example does.
pytestmark = pytest.mark.pin_only

ROOT = Path(__file__).parents[2]
CONTEXT = json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]
BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<shown>.*?)^```\n)?", re.DOTALL | re.MULTILINE
)
TEST = "def test_"
TWICE = """
import pytest
options = ["-q", "-p", "cdk_epc.testing.plugin"]
written = pytest.main([*options, "--snapshot-update"])
raise SystemExit(written or pytest.main(options))
"""


class Example(NamedTuple):
    name: str
    code: str
    shown: str | None


def examples() -> list[Example]:
    found = []
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        text = path.read_text("utf-8")
        for block in BLOCK.finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            name = f"{path.relative_to(ROOT)}:{line}"
            found.append(Example(name, block["code"], block["shown"]))
    return found


EXAMPLES = [example for example in examples() if TEST not in example.code]
TESTS = [example for example in examples() if TEST in example.code]


def run(code: str, names: dict[str, Any]) -> str:
    """Return the output of the code, then its error, if any."""
    out = io.StringIO()
    with redirect_stdout(out):
        try:
            exec(compile(code, "app.py", "exec"), names)  # noqa: S102 - our own documentation
        except EndpointConfigError as error:
            print(str(error).removeprefix("\n"))  # noqa: T201 - into `out`
    return out.getvalue()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_example(example: Example):
    app = cdk.App(context=CONTEXT)
    names = {"__name__": "app", "app": app, "stack": cdk.Stack(app, "Stack")}
    assert run(example.code, names) == (example.shown or "")
    refused = example.shown is not None and example.shown.startswith("error ")
    if names["stack"].node.children and not refused:
        for stack in names["app"].synth().stacks:
            assert [message.entry.data for message in stack.messages] == []
            assert_acyclic(stack.template)
            assert_in_order(stack.template)
            assert_least_privilege(stack.template)


@pytest.mark.parametrize("example", TESTS, ids=lambda example: example.name)
def test_example_of_a_test(example: Example, tmp_path: Path):
    (tmp_path / "test_example.py").write_text(example.code, "utf-8")
    done = subprocess.run(  # noqa: S603 - our own documentation
        [sys.executable, "-c", TWICE],
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert [file.stem for file in tmp_path.rglob("__snapshots__/*/*.json")] == ["test_template"]


def test_there_are_examples():
    assert len(EXAMPLES) > 25
    assert len(TESTS) == 1


def test_examples_start_from_the_documented_names():
    text = (ROOT / "docs" / "README.md").read_text("utf-8")
    (block,) = BLOCK.finditer(text)
    names: dict[str, Any] = {}
    run(block["code"], names)
    assert {name for name in names if not name.startswith("__")} == {"cdk", "app", "stack"}


def test_pages_with_examples_say_where_they_start():
    silent = []
    for path in sorted((ROOT / "docs").glob("*.md")):
        codes = [block["code"] for block in BLOCK.finditer(path.read_text("utf-8"))]
        start_from_stack = any("stack" in code and "app = cdk.App()" not in code for code in codes)
        if start_from_stack and "README.md#examples" not in path.read_text("utf-8"):
            silent.append(path.name)
    assert silent == []

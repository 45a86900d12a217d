"""Generated code, synthesised and compared with its source."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from kit.equivalence import differences

from cdk_epc.importing import SourceStack, generate, options_for, stack_of_requests

_HERE = Path(__file__).parent
_REQUESTS = _HERE.parent / "data" / "accepted_requests.json"


def synthesized(code: str) -> list[dict[str, Any]]:
    """Return the templates of all stacks of a generated module."""
    namespace: dict[str, Any] = {"__name__": "generated"}
    exec(compile(code, "generated.py", "exec"), namespace)  # noqa: S102 - the code under test
    app = cdk.App()
    stacks = [
        each(app, name)
        for name, each in namespace.items()
        if isinstance(each, type) and issubclass(each, cdk.Stack)
    ]
    assembly = app.synth()
    return [assembly.get_stack_artifact(each.artifact_id).template for each in stacks]


def templates() -> list[SourceStack]:
    """Return the templates of other authors."""
    given: Mapping[str, Any] = json.loads((_HERE / "templates.json").read_text("utf-8"))
    return [
        SourceStack(name=name, origin="templates.json", template=template)
        for name, template in given.items()
    ]


def requests() -> list[SourceStack]:
    """Return an accepted request for each feature."""
    found: list[SourceStack] = []
    covered: set[str] = set()
    for each in json.loads(_REQUESTS.read_text("utf-8")):
        if not covered.issuperset(each["features"]):
            covered.update(each["features"])
            found.append(stack_of_requests([each["request"]], each["id"], "a request"))
    return found


def test_synthesised_code_has_the_properties_of_its_source(tmp_path: Path) -> None:
    sources = [*templates(), *requests()]
    code = generate(sources, options_for(sources, keep_ids=True))
    made = synthesized(code)
    found = {
        source.name: changed
        for source, template in zip(sources, made, strict=True)
        if (changed := differences(source.template, template))
    }
    assert found == {}

    file = tmp_path / "generated.py"
    file.write_text(code, "utf-8")
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    for arguments in (["format", "--check"], ["check"]):
        done = subprocess.run(  # noqa: S603 - a fixed command
            [ruff, *arguments, "--isolated", "--no-cache", str(file)],
            capture_output=True,
            check=False,
            cwd=tmp_path,  # outside of the repository, in which the library is first-party code
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

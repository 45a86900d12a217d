"""action.yml: its steps run as in GitHub Actions, with the command of this repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from kit.command import BAD_TEXT, GOOD

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: dict[str, dict[str, Any]] = {
    each["id"]: each for each in ACTION["runs"]["steps"] if "id" in each
}
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
EXPRESSION = re.compile(r"\$\{\{ ?(.*?) ?\}\}")
FAKE_PYTHON = """\
#!/bin/bash
if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; else echo "$@"; fi
"""


class Done(NamedTuple):
    """Result of a step."""

    code: int
    out: str
    summary: str
    outputs: dict[str, str]


def step(name: str, folder: Path, known: dict[str, str]) -> Done:
    """Run the script of a step with the values of its expressions."""
    files = {key: folder / key for key in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("", "utf-8")
    values = {f"inputs.{key}": each.get("default", "") for key, each in ACTION["inputs"].items()}
    values |= known
    given = {
        key: EXPRESSION.sub(lambda match: values[match[1]], text)
        for key, text in STEPS[name]["env"].items()
    }
    done = subprocess.run(  # noqa: S603 - the script of the action
        ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
        check=False,
        cwd=folder,
        env={
            **os.environ,
            **{key: str(file) for key, file in files.items()},
            "RUNNER_TEMP": str(folder / "temp"),
            "PYTHONPATH": str(ROOT),
            **given,
        },
        capture_output=True,
        text=True,
    )
    outputs = [line.partition("=") for line in files["GITHUB_OUTPUT"].read_text().splitlines()]
    summary = files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
    pairs = {key: value for key, _, value in outputs}
    return Done(done.returncode, done.stdout + done.stderr, summary, pairs)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "temp").mkdir()
    (tmp_path / "bad one.json").write_text(BAD_TEXT, "utf-8")
    (tmp_path / "good.json").write_text(json.dumps(GOOD), "utf-8")
    return tmp_path


def test_scripts_contain_no_expression_and_actions_are_pinned() -> None:
    for each in ACTION["runs"]["steps"]:
        assert "${{" not in each.get("run", "")
        if "run" in each:
            assert each["shell"] == "bash"
        else:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", each["uses"])
    used = {name for text in _strings(ACTION["runs"]) for name in EXPRESSION.findall(text)}
    assert {f"inputs.{name}" for name in ACTION["inputs"]} <= used
    rows = PAGE.partition("## GitHub Action\n")[2].partition("\n## ")[0]
    cells = [
        re.findall(r"`([\w-]+)`", line.split("|")[1]) for line in rows.splitlines() if "| " in line
    ]
    assert {name for each in cells for name in each} == set(ACTION["inputs"])


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in _strings(each)]
    return [value] if isinstance(value, str) else []


def test_the_check_reports_and_fails_at_the_end(folder: Path) -> None:
    known = {
        "steps.install.outputs.python": sys.executable,
        "inputs.path": "good.json\nbad one.json\n",
        "inputs.args": "--strict\n",
        "inputs.sarif": "true",
    }
    done = step("run", folder, known)
    assert done.code == 0, done.out
    assert done.out.startswith("::error file=bad one.json,line=7,")
    assert "| error | `serverless-memory-step` | bad one&#46;json&#58;7 |" in done.summary
    assert done.outputs["exit-code"] == "1"
    [run] = json.loads(Path(done.outputs["sarif-file"]).read_text("utf-8"))["runs"]
    assert "serverless-memory-step" in {each["ruleId"] for each in run["results"]}
    assert step("result", folder, {"steps.run.outputs.exit-code": "1"}).code == 1
    assert step("result", folder, {"steps.run.outputs.exit-code": "0"}).code == 0


def test_the_comparison_and_hostile_inputs(folder: Path) -> None:
    python = {"steps.install.outputs.python": sys.executable, "inputs.summary": "false"}
    marker = folder / "injected"
    hostile = f'"; touch {marker}; $(touch {marker}) `touch {marker}`'
    known = {**python, "inputs.command": "diff", "inputs.old": "--help", "inputs.new": hostile}
    done = step("run", folder, known)
    assert (done.code, done.outputs, done.summary) == (0, {"exit-code": "2"}, "")
    assert "--help: there is no such file or folder" in done.out
    done = step("run", folder, {**python, "inputs.args": hostile, "inputs.path": hostile})
    assert done.outputs == {"exit-code": "2"}
    done = step("run", folder, {**python, "inputs.command": hostile})
    assert (done.code, done.out) == (2, "::error::The input command must be check or diff\n")
    done = step("run", folder, {**python, "inputs.command": "diff"})
    assert (done.code, done.out) == (
        2,
        "::error::The command diff requires the inputs old and new\n",
    )
    done = step("run", folder, {**python, "inputs.path": "\n"})
    assert (done.code, done.out) == (2, "::error::The input path must name a file or folder\n")
    done = step("install", folder, {**_installing(folder), "inputs.version": hostile})
    assert (done.code, done.outputs) == (2, {})
    assert not marker.exists()


def _installing(folder: Path) -> dict[str, str]:
    fake = folder / "python"
    fake.write_text(FAKE_PYTHON, "utf-8")
    fake.chmod(0o755)
    return {"steps.python.outputs.python-path": str(fake), "github.action_path": "/the action"}


def test_the_installation_needs_no_cdk(folder: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    attrs = next(each for each in project["dependencies"] if each.startswith("attrs"))
    extras = project["optional-dependencies"]
    needed = " ".join([attrs, *extras["jmespath"], *extras["yaml"]])
    pip = "-m pip --disable-pip-version-check --quiet install"
    for version, package in (("", "/the action"), ("0.1.0", "cdk-epc==0.1.0")):
        done = step("install", folder, {**_installing(folder), "inputs.version": version})
        assert done.out == f"{pip} {needed}\n{pip} --no-deps {package}\n"
        assert done.outputs == {"python": str(folder / "temp" / "cdk-epc" / "bin" / "python")}

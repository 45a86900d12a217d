"""What CI uses: the pre-commit hook, and what docs/ci.md says."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from kit.command import ACKNOWLEDGED_TEXT, BAD_TEXT, GOOD, TEMPLATE_TEXT, run

from cdk_epc.cli.arguments import Format, parser
from cdk_epc.cli.result import ExitCode

ROOT = Path(__file__).parents[2]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("bad.json").write_text(BAD_TEXT, "utf-8")
    Path("good.json").write_text(json.dumps(GOOD), "utf-8")
    Path("package.json").write_text("{}", "utf-8")
    Path("tsconfig.json").write_text("{ // no JSON\n}", "utf-8")
    Path("workflow.yaml").write_text("on: push\n", "utf-8")
    Path("template.yaml").write_text(TEMPLATE_TEXT, "utf-8")
    return tmp_path


def hook(*files: str, args: tuple[str, ...] = ()) -> Any:
    command, *entry = shlex.split(HOOK["entry"])
    assert command == "cdk-epc"
    return run(*entry, *HOOK.get("args", ()), *args, *files)


def test_hook_is_what_pre_commit_takes():
    assert set(HOOK) == {
        "id",
        "name",
        "description",
        "entry",
        "language",
        "types_or",
        "additional_dependencies",
        "minimum_pre_commit_version",
    }
    assert (HOOK["id"], HOOK["language"]) == ("cdk-epc", "python")
    assert HOOK["types_or"] == ["json", "yaml"]


def test_hook_brings_what_the_extras_bring():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert HOOK["additional_dependencies"] == [*extras["jmespath"], *extras["yaml"]]
    assert project["scripts"] == {"cdk-epc": "cdk_epc.cli:main"}


def test_hook_passes_what_is_good_and_what_is_none_of_its_business():
    assert hook("good.json", "package.json", "tsconfig.json", "workflow.yaml").code == 0


@pytest.mark.parametrize("file", ["bad.json", "template.yaml"])
def test_hook_stops_what_is_bad(file: str):
    said = hook("package.json", file, args=("--strict",))
    assert said.code == 1
    assert said.out.startswith(f"{file}:")


def blocks_with(text: str) -> list[Any]:
    return [yaml.safe_load(block) for block in BLOCKS if text in block]


def test_page_has_three_lines_for_code_scanning():
    (steps,) = blocks_with("sarif_file")
    assert len(steps) == 3
    assert steps[1]["run"] == "cdk-epc check --format sarif . > cdk-epc.sarif"
    assert steps[2] == {
        "if": "always()",
        "uses": "github/codeql-action/upload-sarif@v4",
        "with": {"sarif_file": "cdk-epc.sarif"},
    }


def test_page_shows_commands_that_there_are():
    commands = [
        step["run"].split(">")[0]
        for block in BLOCKS
        for step in (yaml.safe_load(block) if block.startswith("-") else [])
        if "cdk-epc check" in step.get("run", "")
    ]
    assert len(commands) == 3
    for command in commands:
        parser().parse_args(shlex.split(command)[1:])


def test_page_shows_a_hook_that_there_is():
    (config,) = blocks_with("repos:")
    (used,) = config["repos"][0]["hooks"]
    assert used["id"] == HOOK["id"]
    assert hook("good.json", args=tuple(used["args"])).code == 0


def test_page_shows_how_to_acknowledge():
    (shown,) = blocks_with("Resources:")
    taught = shown["Resources"]["Config"]["Metadata"]
    tried = yaml.safe_load(ACKNOWLEDGED_TEXT.replace("!Ref Model", "m"))
    assert taught.keys() == tried["Resources"]["Config"]["Metadata"].keys()
    tried["Resources"]["Config"]["Metadata"] = taught
    Path("taught.json").write_text(json.dumps(tried), "utf-8")
    said = run("check", "taught.json")
    assert said.code == 0
    assert taught["cdk-epc"]["acknowledge"]["serverless-memory-step"] in said.out


def rows(heading: str) -> list[list[str]]:
    """The first cells of the tables below a heading, by their words in backticks."""
    section = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    (text,) = (each for each in section if each.startswith(heading))
    return [
        re.findall(r"`([^`]+)`", line.split("|")[1]) for line in text.splitlines() if "| " in line
    ]


def test_page_has_every_option(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        parser().parse_args(["check", "--help"])
    options = set(re.findall(r"^  (--[a-z-]+)", capsys.readouterr().out, re.MULTILINE))
    assert len(options) == 5
    listed = {cell for row in rows("What can be checked") for cell in row}
    assert {cell.split()[0] for cell in listed if cell.startswith("--")} == options
    assert {f"--format {form}" for form in Format} <= listed


def test_page_has_every_exit_code():
    text = PAGE.split("## Exit codes")[1].split("\n## ")[0]
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)] == list(ExitCode)


def test_page_has_every_member_of_the_json_form():
    said = run("check", "--format", "json", "bad.json").json
    cells = [cell for row in rows("The JSON form") for cell in row]
    assert cells == [*said, *(key for key in said["findings"][0])]
    line = next(line for line in PAGE.splitlines() if line.startswith("| `summary`"))
    assert re.findall(r"`(\w+)`", line)[1:] == list(said["summary"])


def test_links_of_the_page_lead_somewhere():
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in PAGE.splitlines()
        if line.startswith("#")
    }
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert len(links) >= 4
    for link in links:
        path, _, anchor = link.partition("#")
        assert (ROOT / "docs" / path).exists() if path else anchor in headings

"""Use in CI: the pre-commit hook and the page docs/ci.md."""

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
from kit.markdown import blocks

from cdk_epc.cli.arguments import Format, parser
from cdk_epc.cli.result import ExitCode

ROOT = Path(__file__).parents[2]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
BLOCKS = blocks(PAGE, "yaml")


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


def test_hook_has_the_keys_of_pre_commit():
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


def test_hook_installs_the_optional_dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert HOOK["additional_dependencies"] == [*extras["jmespath"], *extras["yaml"]]
    assert project["scripts"] == {"cdk-epc": "cdk_epc.cli:main"}


def test_hook_accepts_valid_and_other_files():
    assert hook("good.json", "package.json", "tsconfig.json", "workflow.yaml").code == 0


@pytest.mark.parametrize("file", ["bad.json", "template.yaml"])
def test_hook_rejects_invalid_files(file: str):
    done = hook("package.json", file, args=("--strict",))
    assert done.code == 1
    assert done.out.startswith(f"{file}:")


def blocks_with(text: str) -> list[Any]:
    return [yaml.safe_load(block) for block in BLOCKS if text in block]


def test_page_has_three_steps_for_code_scanning():
    (steps,) = blocks_with("sarif_file")
    assert len(steps) == 3
    assert steps[1]["run"] == "cdk-epc check --format sarif . > cdk-epc.sarif"
    assert steps[2] == {
        "if": "always()",
        "uses": "github/codeql-action/upload-sarif@5d4e8d1aca955e8d8589aabd499c5cae939e33c7",
        "with": {"sarif_file": "cdk-epc.sarif"},
    }


def test_commands_of_the_page_are_valid():
    commands = [
        step["run"].split(">")[0]
        for block in BLOCKS
        for step in (yaml.safe_load(block) if block.startswith("-") else [])
        if "cdk-epc check" in step.get("run", "")
    ]
    assert len(commands) == 3
    for command in commands:
        parser().parse_args(shlex.split(command)[1:])


def test_hook_of_the_page_exists():
    (config,) = blocks_with("repos:")
    (used,) = config["repos"][0]["hooks"]
    assert used["id"] == HOOK["id"]
    assert hook("good.json", args=tuple(used["args"])).code == 0


def test_page_shows_how_to_acknowledge():
    (shown,) = blocks_with("Resources:")
    documented = shown["Resources"]["Config"]["Metadata"]
    template = yaml.safe_load(ACKNOWLEDGED_TEXT.replace("!Ref Model", "m"))
    assert documented.keys() == template["Resources"]["Config"]["Metadata"].keys()
    template["Resources"]["Config"]["Metadata"] = documented
    Path("documented.json").write_text(json.dumps(template), "utf-8")
    done = run("check", "documented.json")
    assert done.code == 0
    assert documented["cdk-epc"]["acknowledge"]["serverless-memory-step"] in done.out


def test_example_of_the_page_has_this_output():
    ((template, output),) = re.findall(
        r"^```\n\$ cat template.yaml\n(.*?)^\$ cdk-epc check template.yaml\n(.*?)^```$",
        PAGE,
        re.DOTALL | re.MULTILINE,
    )
    Path("template.yaml").write_text(template, "utf-8")
    assert run("check", "template.yaml").out == output


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
    assert len(options) == 6
    listed = {cell for row in rows("Options") for cell in row}
    assert {cell.split()[0] for cell in listed if cell.startswith("--")} == options
    assert {f"--format {form}" for form in Format} <= listed


def test_page_has_every_exit_code():
    text = PAGE.split("## Exit codes")[1].split("\n## ")[0]
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)] == list(ExitCode)


def test_page_has_every_member_of_the_json_report():
    done = run("check", "--format", "json", "bad.json").json
    cells = [cell for row in rows("JSON format") for cell in row]
    assert cells == [*done, *(key for key in done["findings"][0])]
    section = PAGE.partition("## JSON format")[2]
    line = next(line for line in section.splitlines() if line.startswith("| `summary`"))
    assert re.findall(r"`(\w+)`", line)[1:] == list(done["summary"])


def test_links_of_the_page_exist():
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

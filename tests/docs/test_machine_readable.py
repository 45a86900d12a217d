"""llms.txt is generated and leads to existing pages, and the commands of docs/agents.md work."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from kit.command import TEMPLATE_TEXT, run
from kit.markdown import blocks

from cdk_epc.cli.arguments import SCHEMAS
from cdk_epc.rules.explain import example_of
from tools.docs.llms import generate_llms

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "agents.md").read_text("utf-8")


def test_lists_of_pages_are_up_to_date_and_complete() -> None:
    texts = generate_llms()
    assert set(texts) == {"llms.txt", "docs/llms.txt"}
    for path, text in texts.items():
        assert (ROOT / path).read_text("utf-8") == text, "run `python -m tools docs`"
        assert text.startswith("# cdk-epc\n\n> ")
        links = [
            Path(path).parent / link
            for link in re.findall(r"^- \[.*?\]\((.*?)\)", text, re.MULTILINE)
        ]
        pages = [link.with_suffix(".md") for link in links]
        expected = {Path("docs") / page.name for page in (ROOT / "docs").glob("*.md")}
        own = {Path("docs/README.md"), Path("docs/index.md")}  # they list the others
        assert {*pages, *own} - {Path("docs/decisions/README.md")} == expected


def test_commands_of_the_agents_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example = example_of("scaled-type-changed")
    assert example is not None
    files = {"deployed.json": example.old, "template.json": example.bad}
    for name, content in files.items():
        Path(name).write_text(json.dumps(content), "utf-8")
    Path("cdk.out").mkdir()
    Path("cdk.out/template.yaml").write_text(TEMPLATE_TEXT, "utf-8")
    [section] = blocks(PAGE, "markdown")
    commands = re.findall(r"`(cdk-epc .+?)`", section)
    codes = {command: run(*shlex.split(command)[1:]).code for command in commands}
    assert codes == {
        "cdk-epc check --format json cdk.out": 1,
        "cdk-epc check --format json template.json": 0,
        "cdk-epc explain serverless-memory-step": 0,
        "cdk-epc rules --format json": 0,
        "cdk-epc diff --format json deployed.json template.json": 1,
        "cdk-epc import --output endpoint_stack.py template.json": 0,
        "cdk-epc schema check": 0,
    }
    compile(Path("endpoint_stack.py").read_text("utf-8"), "endpoint_stack.py", "exec")
    report = run("check", "--format", "json", "cdk.out").json
    named = set(re.findall(r"`(\w+)`", section.partition("Each item of")[2].partition("-")[0]))
    assert {"rule_id", "fix"} <= named <= {*report["findings"][0], "findings"}
    assert {"diff", "rules"} < set(SCHEMAS)

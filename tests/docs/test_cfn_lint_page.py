"""docs/cfn-lint.md: the table and the stored numbers are up to date, and the example is real."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from kit.cfn_lint import lints_of
from kit.markdown import blocks

from cdk_epc.rules.lint_ids import rule_of
from tools.docs import lint_ids
from tools.errors import ToolError

ROOT = Path(__file__).parents[2]
TEMPLATE = re.compile(r"\$ cat template.yaml\n(.*?)\$ cdk-epc", re.DOTALL)


@pytest.fixture(scope="module")
def page() -> str:
    return (ROOT / lint_ids.PAGE).read_text("utf-8")


def test_numbers_and_table_are_up_to_date() -> None:
    for path, text in lint_ids.generate_lint_ids().items():
        assert (ROOT / path).read_text("utf-8") == text, "run `python -m tools docs`"


def test_the_example_is_the_output_for_the_template_of_the_command(page: str) -> None:
    found = TEMPLATE.search((ROOT / "docs" / "ci.md").read_text("utf-8"))
    assert found is not None
    (match,) = lints_of(found[1])
    shown = f"{match.id} {match.message}\ntemplate.yaml:{match.line}:{match.column}\n"
    assert f"```text\n{shown}```\n" in page


def test_the_settings_are_yaml_and_name_existing_ids(page: str) -> None:
    settings = [yaml.safe_load(each) for each in blocks(page, "yaml")]
    assert settings[0]["append_rules"][0] == "cdk_epc.cfn_lint"
    named = set(re.findall(r"\b[EW]9\d{3}\b", page.partition("## Ids")[0]))
    assert len(named) >= 3
    assert {each for each in named if rule_of(each) is None} == set()


def test_a_page_without_a_table_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(lint_ids, "_ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / lint_ids.PAGE).write_text("# cfn-lint\n", "utf-8")
    with pytest.raises(ToolError, match="no generated table"):
        lint_ids.generate_lint_ids()
    monkeypatch.setattr(lint_ids, "stored_numbers", lambda: {"removed-rule": 9999})
    with pytest.raises(ToolError, match="9999"):
        lint_ids.generate_lint_ids()

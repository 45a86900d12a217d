"""docs/rules.md and the pages below docs/rules are what the rules and their examples give."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from cdk_epc.rules import RULES, registry
from cdk_epc.rules.registry import PACKED
from tools.docs.generate import FOLDER, TABLE, generate
from tools.docs.pages import rule_page
from tools.docs.topics import topics
from tools.errors import ToolError

ROOT = Path(__file__).parents[2]
REGENERATE = "run `python -m tools docs`"
EVERY = (*RULES, *PACKED)
PAGES = [TABLE, *(f"{FOLDER}/{rule.id}.md" for rule in EVERY)]


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return generate()


def test_there_is_a_page_for_every_rule(generated: dict[str, str]):
    assert sorted(generated) == sorted(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_what_the_rule_gives(page: str, generated: dict[str, str]):
    assert (ROOT / page).is_file(), REGENERATE
    assert (ROOT / page).read_text("utf-8") == generated[page], REGENERATE


def test_no_page_is_left_over():
    found = {str(path.relative_to(ROOT)) for path in (ROOT / FOLDER).rglob("*")}
    assert found - set(PAGES) == set(), "delete these"


def test_the_table_names_every_rule_once(generated: dict[str, str]):
    for rule in EVERY:
        assert generated[TABLE].count(f"| [{rule.id}](rules/{rule.id}.md) | {rule.severity} |") == 1


def test_a_page_has_no_markup_by_accident():
    rule = attrs.evolve(RULES[0], why="A <type> of `<code> * 2`, and * of a|b.")
    assert "\n\nA &lt;type> of `<code> * 2`, and \\* of a\\|b.\n\n" in rule_page(rule)


def test_a_rule_of_no_module_is_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry, "RULES", (*RULES, RULES[0]))
    with pytest.raises(ToolError, match="the RULES of the modules are not those of the registry"):
        topics()

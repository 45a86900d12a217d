"""docs/rules.md and the pages below docs/rules are what the rules and their examples give."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_epc.rules import RULES
from tools.docs.generate import FOLDER, TABLE, generate

ROOT = Path(__file__).parents[2]
REGENERATE = "run `python -m tools docs`"
PAGES = [TABLE, *(f"{FOLDER}/{rule.id}.md" for rule in RULES)]


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
    for rule in RULES:
        assert generated[TABLE].count(f"| [{rule.id}](rules/{rule.id}.md) | {rule.severity} |") == 1

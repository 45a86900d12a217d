"""CONTRIBUTING.md: the example of a new rule works as the text says, and its names exist."""

from __future__ import annotations

import ast
import json
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from cdk_epc import Finding, Rule, Violation, check_request
from cdk_epc.rules import async_inference, rule
from cdk_epc.rules.explain import changed
from cdk_epc.spec import unresolved

ROOT = Path(__file__).parents[2]
FORM = re.compile(r"^ +\| `(must|not_allowed|required)=(\".*?\")` \| `(.*)` \|$", re.MULTILINE)
GOT: dict[str, object] = {"must": 3, "not_allowed": "ml.m5.large", "required": None}


@pytest.fixture(scope="module")
def section() -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return text.partition("\n## Adding a rule\n")[2].partition("\n## ")[0]


def block(section: str, language: str) -> str:
    found = re.findall(rf"^ +```{language}\n(.*?)^ +```$", section, re.DOTALL | re.MULTILINE)
    assert len(found) == 1
    return textwrap.dedent(found[0])


def test_the_example_of_a_rule_finds_the_change_of_its_example(section: str) -> None:
    names: dict[str, Any] = {**vars(rule), **vars(unresolved), **vars(async_inference)}
    exec(block(section, "py"), names)  # noqa: S102 - our own text
    new = next(each for each in names.values() if isinstance(each, Rule) and "below" in each.id)
    entries = json.loads(f"{{{block(section, 'json')}}}")
    assert list(entries) == [new.id]
    good, change = entries[new.id]["good"], entries[new.id]["change"]
    assert check_request(good, rules=[new]) == []
    [finding] = check_request(changed(good, change), rules=[new])
    assert finding.rule_id == new.id
    assert finding.message.endswith(
        " is 's3://amzn-s3-demo-bucket/responses/errors'; must be outside of S3OutputPath, "
        "s3://amzn-s3-demo-bucket/responses"
    )


def test_each_form_of_a_violation_reads_as_the_table_says(section: str) -> None:
    forms = FORM.findall(section)
    assert [form for form, _, _ in forms] == list(GOT)
    for form, text, message in forms:
        given = {form: ast.literal_eval(text)}
        violation = Violation(path=(), got=GOT[form], fix="Change it.", **given)
        path = message.split()[0]
        assert Finding.of(async_inference.RULES[0], violation, path).message == message


def test_the_helpers_of_the_text_exist(section: str) -> None:
    named = set(re.findall(r"`(is_\w+|items_of)`", section))
    assert "is_string" in named
    assert {name for name in named if not hasattr(unresolved, name)} == set()

"""Both ways to check see the whole of a template, and neither has anything against the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.checking.templates import SUFFIXES, template_of, write
from benchmarks.checking.checkers import WAYS

pytestmark = pytest.mark.pin_only  # cfn-lint is the pinned one


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_is_found_in_the_corpus(way: str, suffix: str, tmp_path: Path) -> None:
    files = write(tmp_path, suffix, [10, 5])
    assert [file.name for file in files] == [f"0.{suffix}", f"1.{suffix}"]
    assert {rule for rule in WAYS[way](files) if rule.startswith("E")} == set()


@pytest.mark.parametrize(
    ("way", "rules"), [("cdk-epc", {"value-type-wrong"}), ("cfn-lint", {"E3012"})]
)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_configuration_is_seen(
    way: str, rules: set[str], suffix: str, tmp_path: Path
) -> None:
    template = json.loads(json.dumps(template_of(20)))
    for resource in template["Resources"].values():
        resource["Properties"]["MetricsConfig"] = []
    file = tmp_path / f"bad.{suffix}"
    file.write_text(SUFFIXES[suffix](template), "utf-8")
    found = [rule for rule in WAYS[way]([file]) if rule in rules]
    assert len(found) == 20


def test_big_template_has_as_many_configurations_as_it_should() -> None:
    resources = template_of(400)["Resources"]
    assert len(resources) == 400
    assert all(each["Type"] == "AWS::SageMaker::EndpointConfig" for each in resources.values())

"""Both checkers read whole templates, and neither reports an error in the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.checking.checkers import CHECKERS
from benchmarks.checking.templates import SUFFIXES, template_of, write
from benchmarks.checking.updates import compare
from benchmarks.checking.updates import write as write_assemblies

pytestmark = pytest.mark.pin_only  # cfn-lint is the pinned one


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_corpus_has_no_errors(checker: str, suffix: str, tmp_path: Path) -> None:
    files = write(tmp_path, suffix, [10, 5])
    assert [file.name for file in files] == [f"0.{suffix}", f"1.{suffix}"]
    assert {rule for rule in CHECKERS[checker](files) if rule.startswith("E")} == set()


@pytest.mark.parametrize(
    ("checker", "rules"), [("cdk-epc", {"value-type-wrong"}), ("cfn-lint", {"E3012"})]
)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_configuration_is_checked(
    checker: str, rules: set[str], suffix: str, tmp_path: Path
) -> None:
    template = json.loads(json.dumps(template_of(20)))
    for resource in template["Resources"].values():
        resource["Properties"]["MetricsConfig"] = []
    file = tmp_path / f"bad.{suffix}"
    file.write_text(SUFFIXES[suffix](template), "utf-8")
    found = [rule for rule in CHECKERS[checker]([file]) if rule in rules]
    assert len(found) == 20


def test_big_template_has_all_configurations() -> None:
    resources = template_of(400)["Resources"]
    assert len(resources) == 400
    assert all(each["Type"] == "AWS::SageMaker::EndpointConfig" for each in resources.values())


def test_each_endpoint_of_the_comparison_is_updated(tmp_path: Path) -> None:
    assert compare(write_assemblies(tmp_path, 100)) == 100

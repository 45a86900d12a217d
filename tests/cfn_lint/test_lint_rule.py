"""The rules within cfn-lint: ids, positions, settings, packs and templates of every kind."""

from __future__ import annotations

import importlib
import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
import yaml
from kit.cfn_lint import MAIN, SECURITY, Lint, lints_of
from kit.requests import load
from kit.templates import CONFIG, Json, resource, template_of

from cdk_epc.cfn_lint import lint_rule, template_check
from cdk_epc.cli.check import check
from cdk_epc.rules.explain import Content, example_of
from cdk_epc.rules.lint_ids import LINTED, lint_id
from cdk_epc.rules.registry import PACKS
from cdk_epc.rules.report import Report

SERVERLESS = """\
Parameters:
  Size: {Type: Number, Default: 2048}
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - VariantName: main
          ModelName: answers-2
          ServerlessConfig:
            MemorySizeInMB: 1536
            MaxConcurrency: 20
"""
MEMORY = "serverless-memory-step"
MEMORY_ID = "E9146"
AT_MEMORY = (11, 13)


def ours(text: str, *modules: str, **config: Any) -> list[Lint]:
    return [each for each in lints_of(text, *modules, **config) if each.is_ours]


def rules(text: str, *modules: str, **config: Any) -> list[str]:
    return [each.rule for each in ours(text, *modules, **config)]


def test_a_finding_has_its_position_its_fix_and_both_ids() -> None:
    (found,) = ours(SERVERLESS)
    assert (found.line, found.column) == AT_MEMORY
    assert found.id == MEMORY_ID
    assert found.message == (
        "ProductionVariants[0].ServerlessConfig.MemorySizeInMB is 1536; must be 1024, 2048, 3072, "
        "4096, 5120 or 6144 MB. Use 1024 or 2048 MB. [serverless-memory-step]"
    )


def test_every_rule_is_a_described_rule_of_cfn_lint() -> None:
    modules = {MAIN: LINTED, **{f"{MAIN}.{name}": each for name, each in PACKS.items()}}
    for name, diagnostics in modules.items():
        classes = vars(importlib.import_module(name))
        for diagnostic in diagnostics:
            rule = classes[f"Rule{lint_id(diagnostic)}"]()
            assert rule.rule_id == diagnostic.id
            assert rule.severity == str(diagnostic.severity)
            assert rule.shortdesc.startswith(diagnostic.title)
            assert diagnostic.why in rule.description
            assert rule.source_url.startswith("https://")
            assert "cdk-epc" in rule.tags


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_positions_are_those_of_the_command(suffix: str, tmp_path: Path) -> None:
    for rule in (
        "async-several-variants",
        "kms-key-with-local-storage",
        "model-not-awaited",
        "parameter-default-invalid",
        "reference-unknown",
        "tag-key-reserved",
    ):
        example = example_of(rule)
        assert example is not None
        template = as_template(example.bad)
        text = yaml.safe_dump(template) if suffix == "yaml" else json.dumps(template, indent=2)
        file = tmp_path / f"template.{suffix}"
        file.write_text(text, "utf-8")
        arguments = Namespace(
            paths=[str(file)], region=None, strict=False, pack=[], rules=[], ignore_other=False
        )
        expected = {(each.rule_id, each.line, each.column) for each in check(arguments).findings}
        assert {(each.rule, each.line, each.column) for each in ours(text)} == expected
        assert rule in {id_ for id_, _, _ in expected}


def as_template(content: Content) -> Json:
    assert not isinstance(content, str)
    return dict(content) if "Resources" in content else template_of(content)


def test_a_template_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    original = template_check.review_app

    def counted(*given: Any, **more: Any) -> list[Report]:
        calls.append(given)
        return original(*given, **more)

    monkeypatch.setattr(template_check, "review_app", counted)
    assert rules(SERVERLESS, MAIN, SECURITY) == [MEMORY, "security-kms-key-missing"]
    assert len(calls) == 1


def test_a_failure_is_one_finding_of_cfn_lint(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any, **__: Any) -> list[Report]:
        raise ValueError("too many values")

    monkeypatch.setattr(template_check, "review_app", failing)
    failed = [each for each in lints_of(SERVERLESS) if each.id == "E0002"]
    assert len(failed) == 1
    assert "too many values" in failed[0].message


def test_cfn_lint_ignores_and_requires_rules_by_id() -> None:
    assert rules(SERVERLESS, ignore_checks=[MEMORY_ID]) == []
    assert rules(SERVERLESS, ignore_checks=["E9"]) == []
    metadata = f"Metadata: {{cfn-lint: {{config: {{ignore_checks: [{MEMORY_ID}]}}}}}}\n"
    ignored = SERVERLESS.replace("    Properties:", f"    {metadata}    Properties:")
    assert rules(ignored) == []
    assert rules(ignored, mandatory_checks=[MEMORY_ID]) == [MEMORY]
    assert rules(metadata + SERVERLESS) == []


def test_acknowledged_findings_are_informational() -> None:
    reason = "A size in preview"
    acknowledged = SERVERLESS.replace(
        "    Properties:",
        f"    Metadata: {{cdk-epc: {{acknowledge: {{{MEMORY}: {reason}}}}}}}\n    Properties:",
    )
    assert rules(acknowledged) == []
    (found,) = ours(acknowledged, include_checks=["I"])
    assert (found.id, found.rule) == ("I9100", MEMORY)
    assert f"; acknowledged: {reason} [" in found.message
    assert (found.line, found.column) == (AT_MEMORY[0] + 1, AT_MEMORY[1])
    unused = acknowledged.replace("1536", "2048")
    assert rules(unused) == ["acknowledgement-unused"]


def test_packs_are_modules() -> None:
    text = SERVERLESS.replace("1536", "2048")
    assert rules(text) == []
    assert rules(text, MAIN, SECURITY) == ["security-kms-key-missing"]
    assert rules(text, SECURITY) == ["security-kms-key-missing"]


def test_the_default_region_of_cfn_lint_is_unknown() -> None:
    rule = "destination-other-region"
    example = example_of(rule)
    assert example is not None
    assert example.region is not None
    text = json.dumps(as_template(example.bad))
    assert rule not in rules(text)
    assert rule not in rules(text, regions=["ALL_REGIONS"])
    assert rule in rules(text, regions=[example.region])
    settings = {lint_rule.ACKNOWLEDGED: {"regions": [example.region]}}
    assert rule in rules(text, configure_rules=settings)
    assert rule not in rules(text)


def test_given_values_of_parameters_replace_the_defaults() -> None:
    text = SERVERLESS.replace("MemorySizeInMB: 1536", "MemorySizeInMB: !Ref Size")
    assert rules(text) == []
    (found,) = ours(text, parameters=[{"Size": 1540}])
    assert found.rule == MEMORY
    assert (found.line, found.column) == AT_MEMORY
    assert rules(text, parameters=[{"Size": 3072, "Unknown": 1}]) == []


LOOP = """\
Transform: AWS::LanguageExtensions
Conditions: {Big: !Equals [!Ref AWS::StackName, big]}
Resources:
  Fn::ForEach::Configs:
    - Name
    - [A, B]
    - Config${Name}:
        Type: AWS::SageMaker::EndpointConfig
        Properties:
          ProductionVariants:
            - VariantName: main
              ModelName: !Ref Name
              ServerlessConfig:
                MemorySizeInMB: !If [Big, 1536, 2048]
                MaxConcurrency: 20
"""
SAM = f"""\
Transform: AWS::Serverless-2016-10-31
Globals: {{Function: {{Timeout: 3}}}}
{SERVERLESS}  Function:
    Type: AWS::Serverless::Function
    Properties: {{Handler: a.b, Runtime: python3.13, InlineCode: x}}
"""
ALIASES = f"""\
{SERVERLESS.replace("    Properties:", "    Properties: &shared")}  Same:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      <<: *shared
      Tags: []
"""
MACRO = SERVERLESS.replace("Parameters:", "Transform: [Macro]\nParameters:", 1)
TOKENS = SERVERLESS.replace("MemorySizeInMB: 1536", "MemorySizeInMB: !ImportValue size")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LOOP, [(MEMORY, 14, 17)]),
        (SAM, [(MEMORY, AT_MEMORY[0] + 2, AT_MEMORY[1])]),
        (ALIASES, [(MEMORY, *AT_MEMORY)]),
        (MACRO, [("template-transformed", 1, 1)]),
        (TOKENS, []),
        ("{}", []),
        ('{"Resources": [], "Parameters": 3}', []),
        (json.dumps({"Resources": {"A": {"Type": CONFIG, "Properties": [1]}}}), []),
        (
            json.dumps({"Resources": {"A": resource(CONFIG, **{"Fn::Transform": 1})}}),
            [],
        ),
    ],
)
def test_templates_of_every_kind(text: str, expected: list[tuple[str, int, int]]) -> None:
    matches = lints_of(text)
    assert [each for each in matches if each.id == "E0002" and "rule E9" in each.message] == []
    found = [each for each in matches if each.is_ours]
    assert [(each.rule, each.line, each.column) for each in found] == expected


def test_the_corpus() -> None:
    """Every refused configuration has an error at its resource, and no accepted one has."""
    for name, is_refused in (("accepted_requests.json", False), ("rejected_requests.json", True)):
        rows = load(name)
        resources = {
            f"C{index}": resource(CONFIG, **each["request"]) for index, each in enumerate(rows)
        }
        matches = lints_of(json.dumps({"Resources": resources}))
        with_errors = {each.path[1] for each in matches if each.id.startswith("E")}
        assert with_errors == (resources.keys() if is_refused else set())


def test_without_cfn_lint_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(MAIN)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cfnlint", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'cdk-epc\[cfn-lint\]'"):
        importlib.import_module(MAIN)

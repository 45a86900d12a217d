"""`cdk-epc check --pack`, and findings about resources of other services."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from kit.command import run

from cdk_epc.cli import main
from cdk_epc.templates import check_template

ALARM = """\
Resources:
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SageMaker
      MetricName: Invocation4XXErrors
      Dimensions:
        - {Name: EndpointName, Value: fraud}
        - {Name: VariantName, Value: main}
      Statistic: Average
      ComparisonOperator: GreaterThanThreshold
      Threshold: 1
      EvaluationPeriods: 2
      Period: 60
"""
REQUEST: dict[str, Any] = {
    "EndpointConfigName": "fraud",
    "ProductionVariants": [
        {
            "VariantName": "main",
            "ModelName": "fraud-7",
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
        }
    ],
}
WANTED = ["security-kms-key-missing", "security-single-instance"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def rules_found(*arguments: str) -> list[str]:
    done = run("check", "--format", "json", *arguments)
    return sorted(each["rule_id"] for each in done.json["findings"])


def test_an_alarm_has_line_and_column() -> None:
    Path("alarm.yaml").write_text(ALARM, "utf-8")
    done = run("check", "alarm.yaml")
    assert done.code == 0
    (finding,) = check_template(yaml.safe_load(ALARM))
    assert finding.path == "Threshold"
    assert done.out.splitlines()[0] == (
        f"alarm.yaml:12:7: warning alarm-never-fires [Errors] {finding.message}"
    )


def test_a_pack_is_off_by_default() -> None:
    Path("request.json").write_text(json.dumps(REQUEST), "utf-8")
    assert rules_found("request.json") == []
    assert rules_found("--pack", "security", "request.json") == WANTED
    assert rules_found("--pack", "security", "--pack", "security", "request.json") == WANTED
    assert run("check", "--pack", "security", "request.json").code == 1


def test_a_pack_applies_to_templates() -> None:
    nameless = {"ProductionVariants": REQUEST["ProductionVariants"]}
    config = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": nameless}
    template: dict[str, Any] = {"Resources": {"Config": config}}
    Path("template.json").write_text(json.dumps(template), "utf-8")
    assert rules_found("template.json") == []
    assert rules_found("--pack", "security", "template.json") == WANTED
    # An acknowledgement of a rule of a pack is no mistake if the pack is off.
    reasons = dict.fromkeys(WANTED, "A test endpoint.")
    config["Metadata"] = {"cdk-epc": {"acknowledge": reasons}}
    Path("template.json").write_text(json.dumps(template), "utf-8")
    assert rules_found("template.json") == []
    assert rules_found("--pack", "security", "template.json") == []


def test_an_acknowledgement_of_a_pack_needs_a_reason() -> None:
    metadata = {"cdk-epc": {"acknowledge": {"security-vpc-missing": ""}}}
    config = {"Type": "AWS::SageMaker::EndpointConfig", "Metadata": metadata, "Properties": {}}
    Path("template.json").write_text(json.dumps({"Resources": {"Config": config}}), "utf-8")
    assert "acknowledgement-reason-missing" in rules_found("template.json")


def test_unknown_pack(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "--pack", "compliance", "request.json"])
    assert ended.value.code == 2
    assert "invalid choice: 'compliance'" in capsys.readouterr().err


CUSTOM = """\
from cdk_epc import Rule, Violation

def names(spec):
    for path, variant in spec.variants():
        yield Violation(path=(*path, "variant_name"), got=variant.variant_name,
                        must="begin with 'team-'", fix="Rename the variant.")

RULES = [Rule(id="company-variant-name", title="Names", why="Company.", check=names)]
TAKEN = [Rule(id="name-fixed", title="Names", why="Company.", check=names)]
NONE = 1
"""


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch) -> str:
    """Write a module with rules into the current folder, and return its name."""
    Path("company_rules.py").write_text(CUSTOM, "utf-8")
    monkeypatch.setattr("sys.path", [*sys.path])
    monkeypatch.delitem(sys.modules, "company_rules", raising=False)
    return "company_rules"


def test_custom_rules(company: str) -> None:
    Path("request.json").write_text(json.dumps(REQUEST), "utf-8")
    assert rules_found("request.json") == []
    assert rules_found("--rules", f"{company}:RULES", "request.json") == ["company-variant-name"]
    resource = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {**REQUEST}}
    del resource["Properties"]["EndpointConfigName"]
    resource["Metadata"] = {"cdk-epc": {"acknowledge": {"company-variant-name": "old name"}}}
    Path("template.json").write_text(json.dumps({"Resources": {"Config": resource}}), "utf-8")
    for arguments in ([], ["--rules", f"{company}:RULES"]):
        assert rules_found(*arguments, "template.json") == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("company_rules", "does not have the form package.module:RULES"),
        ("company_rules:NOTHING", "has no NOTHING"),
        ("company_rules:NONE", "must be a rule or a list of rules"),
        ("company_rules:TAKEN", "is already the id of another rule"),
        ("no_such_module:RULES", "cannot be imported: ModuleNotFoundError"),
    ],
)
@pytest.mark.usefixtures("company")
def test_rules_that_cannot_be_loaded(name: str, message: str) -> None:
    done = run("check", "--rules", name, "request.json")
    assert done.code == 2
    assert done.err.startswith("cdk-epc check: error: argument --rules: ")
    assert message in done.err

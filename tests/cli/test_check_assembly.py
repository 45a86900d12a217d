"""`cdk-epc check` of a cloud assembly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.aws_sagemaker import CfnEndpointConfig
from constructs import Construct
from kit.command import run

BAD = {
    "variantName": "main",
    "modelName": "fraud-7",
    "serverlessConfig": {"maxConcurrency": 1, "memorySizeInMb": 1111},
}


def bad_config(scope: Construct, id_: str) -> CfnEndpointConfig:
    return CfnEndpointConfig(scope, id_, production_variants=[BAD])


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app with a stack, a stage with one, and a nested stack; each has a bad configuration."""
    folder = tmp_path_factory.mktemp("app") / "cdk.out"
    # As with the CDK command line; older versions of CDK name nested templates only then.
    app = cdk.App(outdir=str(folder), context={"aws:cdk:enable-asset-metadata": True})
    main = cdk.Stack(app, "Main", env=cdk.Environment(region="eu-central-1"))
    bad_config(main, "Config")
    acknowledged = bad_config(main, "Acknowledged")
    acknowledged.add_metadata(
        "cdk-epc", {"acknowledge": {"serverless-memory-step": "Confirmed with support."}}
    )
    bad_config(cdk.NestedStack(main, "Nested"), "Config")
    bad_config(cdk.Stack(cdk.Stage(app, "Prod"), "Main"), "Config")
    app.synth()
    return folder


def found(done: Any) -> list[tuple[str, str]]:
    return [
        (each["file"], each["resource"])
        for each in done.json["findings"]
        if each["rule_id"] == "serverless-memory-step"
    ]


@pytest.mark.parametrize("given", ["cdk.out", "."], ids=["itself", "the folder above"])
def test_assembly(assembly: Path, given: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(assembly.parent)
    done = run("check", "--format", "json", given)
    assert (done.code, done.err) == (1, "")
    nested = next(assembly.glob("*.nested.template.json"))
    stage = next(assembly.glob("assembly-Prod/*.template.json"))
    assert sorted(found(done)) == sorted(
        [
            ("cdk.out/Main.template.json", "Config"),
            (f"cdk.out/{nested.name}", "Config"),
            (f"cdk.out/assembly-Prod/{stage.name}", "Config"),
        ]
    )
    (acknowledged,) = done.json["acknowledged"]
    assert (acknowledged["resource"], acknowledged["reason"]) == (
        "Acknowledged",
        "Confirmed with support.",
    )
    assert done.json["summary"]["files"] == 3


def test_findings_point_at_the_property(assembly: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(assembly.parent)
    findings = run("check", "--format", "json", "cdk.out").json["findings"]
    assert findings
    for finding in findings:
        line = Path(finding["file"]).read_text("utf-8").splitlines()[finding["line"] - 1]
        name = finding["path"].rpartition(".")[2]
        assert line[finding["column"] - 1 :].startswith(f'"{name}"')


def test_broken_assembly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("cdk.out").mkdir()
    Path("cdk.out/cdk.out").write_text('{"version": "48.0.0"}', "utf-8")
    manifest = {"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {}}}}
    Path("cdk.out/manifest.json").write_text(json.dumps(manifest), "utf-8")
    Path("good.json").write_text('{"Resources": {}}', "utf-8")
    done = run("check", "cdk.out", "good.json")
    assert done.code == 2
    assert done.out == "0 errors, 0 warnings in 1 file; 1 input could not be used\n"
    (line,) = done.err.splitlines()
    assert line.startswith("cdk.out: manifest.json: ")

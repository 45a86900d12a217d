"""Templates without hashes of assets and without the parts that CDK adds to each of them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3_assets as assets
from aws_cdk.assertions import Template

import cdk_epc.testing
from cdk_epc.testing import stable_template, synth

FIRST, SECOND, DIGEST = "1" * 64, "a" * 64, "b" * 64


def test_hashes_of_assets_get_names_in_their_order() -> None:
    template = {
        "Parameters": {f"Asset{FIRST}": {"Default": f"x/{SECOND}.zip"}},
        "Images": [f"repository:{SECOND}", f"repository@sha256:{DIGEST}", f"{FIRST}.gz"],
        "Other": [f"{FIRST}{FIRST}", f"{FIRST[1:]}", 1, None],
    }
    assert stable_template(template) == {
        "Parameters": {f"Asset{FIRST}": {"Default": "x/asset-1.zip"}},
        "Images": ["repository:asset-1", f"repository@sha256:{DIGEST}", "asset-2.gz"],
        "Other": [f"{FIRST}{FIRST}", f"{FIRST[1:]}", 1, None],
    }


def test_the_parts_that_cdk_adds_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    file.write_text("{}", "utf-8")
    stack = cdk.Stack(cdk.App(analytics_reporting=True), "Stack")
    asset = assets.Asset(stack, "Asset", path=str(file))
    cdk.CfnOutput(stack, "Key", value=asset.s3_object_key)
    template = synth(stack)
    assert {"BootstrapVersion"} == template["Parameters"].keys()
    assert "CDKMetadata" in template["Resources"]
    assert stable_template(stack) == {"Outputs": {"Key": {"Value": "asset-1.json"}}}
    assert stable_template(Template.from_stack(stack)) == stable_template(stack)
    assert synth(stack) == template  # the argument stays as it was


def test_other_parameters_stay() -> None:
    template = {
        "Parameters": {"BootstrapVersion": {}, "Size": {}},
        "Rules": {"CheckBootstrapVersion": {}, "Own": {}},
        "Conditions": [],
    }
    assert stable_template(template) == {
        "Parameters": {"Size": {}},
        "Rules": {"Own": {}},
        "Conditions": [],
    }


def test_public_names() -> None:
    assert set(cdk_epc.testing.__all__) <= set(dir(cdk_epc.testing))
    assert all(getattr(cdk_epc.testing, name).__name__ == name for name in cdk_epc.testing.__all__)
    with pytest.raises(AttributeError, match="no attribute 'assert_findings'"):
        _ = cdk_epc.testing.assert_findings  # type: ignore[attr-defined]


def test_without_syrupy_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "cdk_epc.testing.snapshot", raising=False)
    for name in [name for name in sys.modules if name.startswith("syrupy")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "syrupy", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'cdk-epc\[testing\]'"):
        importlib.import_module("cdk_epc.testing.snapshot")

"""cdk-nag's AwsSolutions pack has nothing to say of the shop that the shop has no reason for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.aws_s3 import CfnBucket
from kit.shop import shop_app

from sample_app.acknowledged import REASONS

# cdk-nag is pinned with the aws-cdk-lib that it goes with.
pytestmark = pytest.mark.pin_only


def report_of(app: cdk.App) -> dict[str, Any]:
    """What the pack says in CDK's own report, which `cdk synth` fails by."""
    from cdk_nag import AwsSolutionsChecks

    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    folder = Path(app.synth().directory)
    reports = json.loads((folder / "validation-report.json").read_text("utf-8"))["pluginReports"]
    (report,) = (each for each in reports if each["pluginName"] == "AwsSolutions")
    return report


def test_aws_solutions_passes_and_every_acknowledgement_has_its_reason():
    report = report_of(shop_app())
    assert (report["conclusion"], report["violations"]) == ("success", [])
    reasons = {each["reason"] for each in report["suppressedViolations"]}
    assert reasons == set(REASONS.values())


def test_the_pack_finds_what_is_wrong():
    app = cdk.App()
    CfnBucket(cdk.Stack(app, "Stack"), "Bucket")
    with pytest.raises(RuntimeError, match="AwsSolutions-S1"):
        report_of(app)

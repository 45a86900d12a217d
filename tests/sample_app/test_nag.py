"""Test that cdk-nag's AwsSolutions pack finds only acknowledged wildcards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.aws_s3 import CfnBucket
from kit.sample_stacks import shop_app

from sample_app.pipeline import NO_ACCESS_LOGS, WILDCARDS
from sample_app.wildcards import REASONS

# cdk-nag is pinned together with its aws-cdk-lib.
pytestmark = pytest.mark.pin_only


def report_of(app: cdk.App) -> dict[str, Any]:
    """Return the pack's part of CDK's report."""
    from cdk_nag import AwsSolutionsChecks

    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    folder = Path(app.synth().directory)
    reports = json.loads((folder / "validation-report.json").read_text("utf-8"))["pluginReports"]
    (report,) = (each for each in reports if each["pluginName"] == "AwsSolutions")
    return report


def test_aws_solutions_pass_and_every_reason_is_used():
    report = report_of(shop_app())
    assert (report["conclusion"], report["violations"]) == ("success", [])
    reasons = {each["reason"] for each in report["suppressedViolations"]}
    assert reasons == {*REASONS.values(), *WILDCARDS.values(), NO_ACCESS_LOGS}


def test_pack_reports_a_violation():
    app = cdk.App()
    CfnBucket(cdk.Stack(app, "Stack"), "Bucket")
    with pytest.raises(RuntimeError, match="AwsSolutions-S1"):
        report_of(app)

"""Bounds that cfn-lint reports itself are not reported twice, and no other finding is left out."""

from __future__ import annotations

import json

from kit.bad_requests import ROWS
from kit.cfn_lint import lints_of
from kit.templates import CONFIG, resource

from cdk_epc.templates import check_template

BOUNDS = {
    "list-length-wrong",
    "member-unknown",
    "member-unpublished",
    "production-variants-missing",
    "value-length-wrong",
    "value-missing",
    "value-not-allowed",
    "value-out-of-range",
    "value-pattern-mismatch",
    "value-type-wrong",
}


def test_a_finding_is_left_out_only_where_cfn_lint_has_one() -> None:
    rows = [each for each in ROWS if not each.is_for_api]
    resources = {f"C{index}": resource(CONFIG, **each.bad) for index, each in enumerate(rows)}
    resources["Missing"], resources["Empty"] = (
        resource(CONFIG, ExecutionRoleArn="arn:aws:iam::111122223333:role/role"),
        resource(CONFIG, ProductionVariants=[]),
    )
    template = {"Resources": resources}
    matches = lints_of(json.dumps(template))
    ours = {(each.rule, each.path) for each in matches if each.is_ours}
    theirs = {each.path for each in matches if not each.is_ours}
    left_out = set()
    for finding in check_template(template):
        place = finding.place
        # cfn-lint locates a value that does not exist at its parent.
        if not {(finding.rule_id, place[:length]) for length in range(2, len(place) + 1)} & ours:
            assert theirs & {place, place[:-1]}, finding
            left_out.add(finding.rule_id)
    assert left_out == BOUNDS
    assert {rule for rule, path in ours if rule in BOUNDS and path in theirs} == set()


def test_functions_and_unknown_types() -> None:
    """A choice of two values has the bounds of cfn-lint; a list with a function has ours."""
    groups = [
        *(f"sg-0123456{index}" for index in range(5)),
        {"Fn::If": ["One", "sg-11111111", "sg-22222222"]},
    ]
    variant = {
        "VariantName": "main",
        "ModelName": "fraud-7",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": {"Fn::If": ["One", 1, 0]},
    }
    properties = {
        "ProductionVariants": [variant],
        "VpcConfig": {"SecurityGroupIds": groups, "Subnets": ["subnet-01234567"]},
    }
    matches = lints_of(
        json.dumps(
            {
                "Conditions": {"One": {"Fn::Equals": [{"Ref": "AWS::StackName"}, "one"]}},
                "Resources": {
                    "Config": resource(CONFIG, **properties),
                    "Whole": {"Type": CONFIG, "Properties": [1]},
                },
            }
        )
    )
    assert BOUNDS & {each.rule for each in matches} == {"list-length-wrong"}
    assert {"E3034", "E3012"} <= {each.id for each in matches}

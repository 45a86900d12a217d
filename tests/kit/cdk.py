"""Apps, stacks and templates for tests: strict, quiet and without bootstrap noise."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk

from cdk_epc.testing import synth
from kit.dependency_graph import assert_acyclic, assert_in_order
from kit.iam_policies import assert_least_privilege

STRICT = {"@aws-cdk/core:validateAgainstDefaultRules": True}
"""`cdk.App` does not read cdk.json outside the CLI, so the flag is passed."""

ENDPOINT_CONFIG = "AWS::SageMaker::EndpointConfig"


def new_stack(name: str = "Stack", app: cdk.App | None = None) -> cdk.Stack:
    """Return a stack of a new app, whose template has only the resources of the test."""
    app = app or cdk.App(analytics_reporting=False, context=STRICT)
    return cdk.Stack(
        app, name, synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
    )


def template_of(stack: cdk.Stack) -> dict[str, Any]:
    """Return the template of a stack, after CDK's own validation.

    In every test, the template has no circular dependency, the parts of endpoints are created in
    order, and policies have least privilege.
    """
    template = synth(stack)
    assert_acyclic(template)
    assert_in_order(template)
    assert_least_privilege(template)
    return template


def properties_of(stack: cdk.Stack) -> dict[str, Any]:
    """Return the properties of the only endpoint configuration of a stack."""
    (resource,) = (
        each for each in template_of(stack)["Resources"].values() if each["Type"] == ENDPOINT_CONFIG
    )
    return dict(resource["Properties"])

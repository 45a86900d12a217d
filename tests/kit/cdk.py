"""Apps, stacks and templates for tests: strict, quiet and without bootstrap noise."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

from kit.graphs import assert_acyclic, assert_in_order
from kit.policies import assert_least

STRICT = {"@aws-cdk/core:validateAgainstDefaultRules": True}
"""`cdk.App` does not read cdk.json outside the CLI, so the flag is handed in."""

ENDPOINT_CONFIG = "AWS::SageMaker::EndpointConfig"


def new_stack(name: str = "Stack", app: cdk.App | None = None) -> cdk.Stack:
    """A stack of an app of its own, whose template holds nothing but what the test puts there."""
    app = app or cdk.App(analytics_reporting=False, context=STRICT)
    return cdk.Stack(
        app, name, synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
    )


def template_of(stack: cdk.Stack) -> dict[str, Any]:
    """The template, after CDK's own validator has seen it.

    Whatever the test is about, nothing in it waits for itself, the parts of endpoints are in order,
    and no policy allows more than it has to.
    """
    template = dict(Template.from_stack(stack).to_json())
    assert_acyclic(template)
    assert_in_order(template)
    assert_least(template)
    return template


def properties_of(stack: cdk.Stack) -> dict[str, Any]:
    """The properties of the only endpoint configuration of a stack."""
    (resource,) = (
        each for each in template_of(stack)["Resources"].values() if each["Type"] == ENDPOINT_CONFIG
    )
    return dict(resource["Properties"])

"""Synthesis of an app as by the CDK command line, with the validator and without findings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
from kit.dependency_graph import assert_acyclic, assert_in_order
from kit.iam_policies import assert_least_privilege

from cdk_epc import EndpointValidator, Profile
from cdk_epc.testing import project_context

_CONTEXT: Final = project_context(Path(__file__).parents[2] / "cdk.json")


def synthesize(
    build: Callable[[cdk.App], object], context: Mapping[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    """Return the templates by the name of their stack; fail for any finding or message.

    With the strict profile a warning is an error, in a construct as well as in the validator.
    """
    app = cdk.App(analytics_reporting=False, context={**_CONTEXT, **(context or {})})
    cdk.Validations.of(app).add_plugins(EndpointValidator(profile=Profile.STRICT))
    build(app)
    assembly = app.synth()
    assert [message.entry.data for each in assembly.stacks for message in each.messages] == []
    templates = {each.stack_name: dict(each.template) for each in assembly.stacks}
    nested = Path(assembly.directory).glob("*.nested.template.json")
    every = [*templates.values(), *(json.loads(path.read_text("utf-8")) for path in nested)]
    for template in every:
        assert_acyclic(template)
        assert_in_order(template)
        assert_least_privilege(template)
    return templates

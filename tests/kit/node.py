"""Node and the CDK CLI of the checkout."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import pytest

_MODULES: Final = Path(__file__).parents[2] / "node_modules"
NODE: Final = Path(os.environ.get("JSII_NODE") or Path(sys.executable).with_name("node"))
CDK: Final = _MODULES / ".bin" / "cdk"
CDK_SCRIPT: Final = _MODULES / "aws-cdk" / "lib" / "index.js"
needs_cdk_cli: Final = pytest.mark.skipif(
    not CDK.exists(), reason="`make test` installs node_modules"
)


def with_node(**variables: str) -> dict[str, str]:
    """Return the environment of a process that starts the CDK CLI."""
    return {
        **os.environ,
        "PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "true",
        **variables,
    }

"""The command ``cdk-epc``: check files, list the rules, explain one.

Nothing here imports ``aws_cdk`` or starts Node, and each part is imported at its first use: a check
of one small file is mostly the start of Python.
"""

from __future__ import annotations

from cdk_epc.cli.command import main

__all__ = ["main"]

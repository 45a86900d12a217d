"""Command line ``cdk-epc``: check files, list the rules, explain a rule.

This package neither imports ``aws_cdk`` nor starts Node. Its modules are imported at their first
use, because the start of Python and its imports are most of the time to check a small file.
"""

from __future__ import annotations

from cdk_epc.cli.command import main

__all__ = ["main"]

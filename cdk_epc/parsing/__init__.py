"""Reader of JSON and YAML files from untrusted sources, with limits on size, depth and time.

This package neither imports ``aws_cdk`` nor starts Node.
"""

from __future__ import annotations

from cdk_epc.parsing.document import Document, Position, UnusableInputError
from cdk_epc.parsing.reader import read_bytes, read_file, read_stdin

__all__ = ["Document", "Position", "UnusableInputError", "read_bytes", "read_file", "read_stdin"]

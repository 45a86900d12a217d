"""Files to data: JSON and YAML from anybody, within bounds of size, depth and time.

Nothing here imports ``aws_cdk`` or starts Node.
"""

from __future__ import annotations

from cdk_epc.parsing.document import Document, Position, UnusableInputError
from cdk_epc.parsing.reader import read_bytes, read_file

__all__ = ["Document", "Position", "UnusableInputError", "read_bytes", "read_file"]

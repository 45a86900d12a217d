"""Intended differences of tags, which are the same for all resource types."""

from __future__ import annotations

from cdk_epc.spec import patterns
from tools.drift.differences import Difference

WHY = "Python's re has no \\p{..}; see the test over all code points"
_PATTERN = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"
DIFFERENCES: list[Difference] = [
    (place, "pattern", patterns.TAG_TEXT, _PATTERN) for place in ("Tags[].Key", "Tags[].Value")
]

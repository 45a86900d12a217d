"""JSON of printable characters, and plural forms."""

from __future__ import annotations

import json
from typing import Any

from cdk_epc.rules.printable import LOG_COMMAND


def printable_json(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return indented JSON in printable ASCII, which is valid in every encoding of the output."""
    # JSON need not escape these characters, and they occur in names and values only.
    text = json.dumps(value, indent=2).replace("\x7f", "\\u007f")
    return LOG_COMMAND.sub(r"#\\u0023", text) if "##" in text else text


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

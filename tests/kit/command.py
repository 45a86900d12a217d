"""The command line in this process, and what it said."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any, NamedTuple

from cdk_epc.cli import main


class Said(NamedTuple):
    """What a run came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as JSON."""
        read: dict[str, Any] = json.loads(self.out)
        return read


def run(*arguments: object) -> Said:
    """Run the command with these arguments."""
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
    ):
        code = main([str(each) for each in arguments])
    return Said(int(code), out.getvalue(), err.getvalue())

"""Error of custom rules, and the message about unexpected exceptions."""

from __future__ import annotations

import os
from typing import Final

from cdk_epc.cli.streams import print_error

DEBUG: Final = "CDK_EPC_DEBUG"
"""Environment variable that shows the traceback of an unexpected exception."""
UNEXPECTED: Final = "unexpected error in cdk-epc"
_LONGEST: Final = 200


class RulesError(ValueError):
    """Rules that cannot be loaded. The message is one line."""


def describe_unexpected(error: BaseException) -> str:
    """Return one line about an unexpected exception, which asks for a report.

    The traceback goes to standard error if the environment asks for it.
    """
    if os.environ.get(DEBUG):
        import traceback  # noqa: PLC0415 - rarely needed

        for line in "".join(traceback.format_exception(error)).splitlines():
            print_error(line)
    text = str(error)
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    about = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{UNEXPECTED}: {about}; please report it, with the traceback that {DEBUG}=1 shows"

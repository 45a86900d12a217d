"""Standard output and standard error in every state: closed, full, or a pipe without a reader."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO

from cdk_epc.cli.result import ExitCode
from cdk_epc.rules.printable import printable_line


def escape_unencodable_output() -> None:
    """Escape characters that the encoding of a stream lacks, such as ``…`` in ASCII."""
    for stream in (sys.stdout, sys.stderr):
        # A replacement of a stream, as in tests, may have no such method.
        if (reconfigure := getattr(stream, "reconfigure", None)) is not None:
            with suppress(OSError, ValueError):  # a broken or closed stream
                reconfigure(errors="backslashreplace")


def write_output(lines: Iterable[str], code: ExitCode = ExitCode.CLEAN) -> ExitCode:
    """Write lines to standard output and return the exit code.

    The code stays the same if the reader closes the pipe before the end.
    """
    text = "".join(f"{line}\n" for line in lines)
    stream = sys.stdout
    try:
        _write(stream, text)
    except BrokenPipeError:  # for example `cdk-epc check . | head`
        _discard(stream)
    except (OSError, ValueError) as error:  # a full disk, or a stream that is closed in Python
        _discard(stream)
        reason = error.strerror if isinstance(error, OSError) else None
        print_error(f"cdk-epc: error: the report could not be written: {reason or error}")
        return ExitCode.UNUSABLE
    return code


def print_error(line: str) -> None:
    """Write a printable line to standard error, or nothing if that is impossible.

    ``print`` would write to standard output if there is no standard error.
    """
    try:
        _write(sys.stderr, f"{printable_line(line)}\n")
    except (OSError, ValueError):
        _discard(sys.stderr)


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # the parent process closed it
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    stream.write(text)
    stream.flush()


def _discard(stream: TextIO | None) -> None:
    """Redirect a stream to nothing, because Python's flush at exit would report the error again."""
    if stream is None:
        return
    with suppress(OSError, ValueError):  # no stream of the process, or a closed one
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

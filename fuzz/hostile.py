"""Hostile names of files and states of streams: neither changes the report or steers a log."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from cdk_epc.cli.command import main

NAMES = (
    *("::stop-commands::x", "::error title=x::y", " ::debug::x", "##[error]x", "a##[add-mask]x"),
    *("\x1b[31mred", "\u202eevil", "\u200bzero", "a\u2028b", "a\x85b", "a\x7fb", "\n::error::x"),
    *("\r##[error]x", "\udce9", "%0A::error::x", "\xa0::error::x", "a b", "a,b:c", "#"),
)
"""Beginnings of names of files, which are also keys and values of inputs."""
_FORMATS = ("text", "json", "sarif", "github")
_OURS = re.compile(r"::(error|warning|notice) ")


class _Broken(io.StringIO):
    """Stream that the operating system does not write to."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self._code = code

    def write(self, _: str) -> int:
        raise OSError(self._code, os.strerror(self._code))


def _closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


_STATES: tuple[Callable[[], Any], ...] = (
    lambda: None,
    _closed,
    lambda: _Broken(errno.ENOSPC),
    lambda: _Broken(errno.EPIPE),
)


def problems_of(content: bytes, turn: int) -> Iterator[str]:
    """Yield the problems of the command with a file of a hostile name, in every state of streams.

    Args:
        content: Content of the file.
        turn: Number of the input, which selects the name, the format and the states.
    """
    random = Random(turn)  # noqa: S311 - not for cryptography
    form = random.choice(_FORMATS)
    name = f"{random.choice(NAMES)}.{random.choice(('json', 'yaml'))}"
    with TemporaryDirectory(prefix="cdk-epc-fuzz-") as folder, contextlib.chdir(folder):
        Path(name).write_bytes(content)
        paths = random.choice(([name], [".", name], [name, "missing"]))
        arguments = ["check", "--format", form, *paths]
        out, err = io.StringIO(), io.StringIO()
        code = _run(arguments, out, err)
        for line in (*out.getvalue().split("\n"), *err.getvalue().split("\n")):
            is_ours = form == "github" and _OURS.match(line) is not None
            if not line.isprintable() or "##[" in line:
                yield f"a line that is not printable: {line!r}"
            if line.lstrip().startswith("::") and not is_ours:
                yield f"a line that is a command: {line!r}"
        again = io.StringIO()
        if (other := _run(arguments, again, random.choice(_STATES)())) != code:
            yield f"code {other} in place of {code} because of standard error"
        if again.getvalue() != out.getvalue():
            yield "another report because of standard error"
        if (other := _run(arguments, random.choice(_STATES)(), io.StringIO())) not in {code, 2}:
            yield f"code {other} in place of {code} because of standard output"


def _run(arguments: list[str], out: Any, err: Any) -> int:  # noqa: ANN401 - broken streams
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        return int(main(arguments))

"""Files and streams to bytes, never more than are read, and never waiting for a pipe."""

from __future__ import annotations

import codecs
import errno
import os
import pathlib
import stat
from io import FileIO
from typing import BinaryIO, Final

from cdk_epc.parsing.document import MOST_BYTES, UnusableInputError

# Those of UTF-32 come first: the mark of UTF-16 is how that of UTF-32 begins.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_NO_MARK: Final = (b"", "utf-8")


def too_large(size: str) -> UnusableInputError:
    """The error about a size."""
    return UnusableInputError(
        f"it is {size}, and {MOST_BYTES // 1024**2} MiB are read at most; "
        "CloudFormation takes templates of 1 MB"
    )


def decode(content: bytes) -> str:
    """The text of these bytes, without a byte order mark.

    Raises:
        UnusableInputError: They are too many, none at all, or no text.
    """
    if len(content) > MOST_BYTES:
        raise too_large("too large")
    mark, encoding = next((each for each in _MARKS if content.startswith(each[0])), _NO_MARK)
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise UnusableInputError(
            f"it is no text: the byte at offset {len(mark) + error.start} is not valid "
            f"{encoding.upper()}; save it as UTF-8"
        ) from None
    if "\0" in text:
        at = len(mark) + len(text[: text.index("\0")].encode(encoding))
        raise UnusableInputError(
            f"it is binary: there is a NUL character at byte offset {at}; save it as UTF-8 text"
        )
    if not text or text.isspace():
        raise UnusableInputError("it is empty; write a template or a request into it")
    return text


_NONBLOCK: Final[int] = getattr(os, "O_NONBLOCK", 0)  # Windows has none
_AT_ONCE: Final = 1024 * 1024


def bytes_of(path: pathlib.Path) -> bytes:
    """The content of a file.

    Raises:
        UnusableInputError: It is no file, cannot be read, or is too large.
    """
    try:
        _must_be_file(path)
        # Not path.open(), which has no opener.
        with open(path, "rb", buffering=0, opener=_without_waiting) as file:
            return _within_bounds(file)
    except OSError as error:
        raise cannot_be_read(error) from None
    except ValueError as error:  # a name that no file can have, such as one with a NUL
        if isinstance(error, UnusableInputError):
            raise
        raise UnusableInputError(f"its name is none that a file can have: {error}") from None


def bytes_of_stream(stream: BinaryIO) -> bytes:
    """What is left in a stream, such as the standard input.

    Raises:
        UnusableInputError: It cannot be read, or is too large.
    """
    try:
        return _within_bounds(stream)
    except OSError as error:
        raise cannot_be_read(error) from None


def cannot_be_read(error: OSError) -> UnusableInputError:
    """The system's words, with the reason for the two that need one."""
    if error.errno == errno.ENOENT:
        return UnusableInputError("there is no such file or folder; correct the path")
    if error.errno == errno.ELOOP:
        return UnusableInputError("it is a symbolic link that leads back to itself; mend the link")
    reason = (error.strerror or type(error).__name__).lower()
    return UnusableInputError(f"it cannot be read: {reason}")


def _must_be_file(path: pathlib.Path) -> None:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise UnusableInputError("it is a folder; name a file in it")
    if not stat.S_ISREG(status.st_mode):
        raise UnusableInputError("it is a pipe, a socket or a device; name a file, or use `-`")
    if status.st_size > MOST_BYTES:
        raise too_large(f"{status.st_size:,} bytes")


def _without_waiting(path: str, flags: int) -> int:
    """Open it; a pipe that has taken the file's place since it was looked at does not block."""
    return os.open(path, flags | _NONBLOCK)


def _within_bounds(stream: BinaryIO | FileIO) -> bytes:
    """Everything, but no more than one byte beyond the limit: a file may grow, or have no end."""
    parts: list[bytes] = []
    left = MOST_BYTES + 1
    while part := stream.read(min(left, _AT_ONCE)):
        parts.append(part)
        left -= len(part)
    if left <= 0:
        raise too_large("too large")
    return b"".join(parts)

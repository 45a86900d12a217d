"""Content of files and streams, with a maximum size and without waiting for a pipe."""

from __future__ import annotations

import codecs
import errno
import os
import pathlib
import stat
from io import FileIO
from typing import BinaryIO, Final

from cdk_epc.parsing.document import MAX_BYTES, UnusableInputError

# UTF-32 comes first, because its byte order mark begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_NO_MARK: Final = (b"", "utf-8")


def _too_large() -> UnusableInputError:
    return UnusableInputError(
        f"the input is larger than {MAX_BYTES // 1024**2} MiB; CloudFormation accepts templates "
        "of up to 1 MB"
    )


def decode(content: bytes) -> str:
    """Return the text of these bytes, without a byte order mark.

    Raises:
        UnusableInputError: The content is too large, empty or not text.
    """
    if len(content) > MAX_BYTES:
        raise _too_large()
    mark, encoding = next((each for each in _MARKS if content.startswith(each[0])), _NO_MARK)
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise UnusableInputError(
            f"the input is not text: the byte at offset {len(mark) + error.start} is not valid "
            f"{encoding.upper()}; save it as UTF-8"
        ) from None
    if "\0" in text:
        at = len(mark) + len(text[: text.index("\0")].encode(encoding))
        raise UnusableInputError(
            f"the input is binary, with a NUL character at byte offset {at}; save it as UTF-8 text"
        )
    if not text or text.isspace():
        raise UnusableInputError("the input is empty; write a template or a request into it")
    return text


_NONBLOCK: Final[int] = getattr(os, "O_NONBLOCK", 0)  # Windows has none
_CHUNK_BYTES: Final = 1024 * 1024


def bytes_of(path: pathlib.Path) -> bytes:
    """Return the content of a file.

    Raises:
        UnusableInputError: The path is not that of a file, or the file cannot be read or is too
            large.
    """
    try:
        _check_is_file(path)
        # path.open() would not accept an opener.
        with open(path, "rb", buffering=0, opener=_without_waiting) as file:
            return _within_bounds(file)
    except OSError as error:
        raise unreadable(error) from None
    except ValueError as error:  # an impossible name, such as one with a NUL character
        if isinstance(error, UnusableInputError):
            raise
        raise UnusableInputError(f"the path cannot be that of a file: {error}") from None


def bytes_of_stream(stream: BinaryIO) -> bytes:
    """Return the rest of a stream, such as standard input.

    Raises:
        UnusableInputError: The stream cannot be read, or its content is too large.
    """
    try:
        return _within_bounds(stream)
    except OSError as error:
        raise unreadable(error) from None


def unreadable(error: OSError) -> UnusableInputError:
    """Return the error of an input that the operating system refuses to read."""
    if error.errno == errno.ENOENT:
        return UnusableInputError("there is no such file or folder; correct the path")
    if error.errno == errno.ELOOP:
        return UnusableInputError("the path is a cycle of symbolic links; correct the links")
    reason = (error.strerror or type(error).__name__).lower()
    return UnusableInputError(f"the input cannot be read: {reason}")


def _check_is_file(path: pathlib.Path) -> None:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise UnusableInputError("the path is a folder; name a file in it")
    if not stat.S_ISREG(status.st_mode):
        raise UnusableInputError(
            "the path is a pipe, a socket or a device; name a file, or use `-` for standard input"
        )
    if status.st_size > MAX_BYTES:
        raise _too_large()


def _without_waiting(path: str, flags: int) -> int:
    """Open a file so that a pipe, which may have replaced it since the check, does not block."""
    return os.open(path, flags | _NONBLOCK)


def _within_bounds(stream: BinaryIO | FileIO) -> bytes:
    """Return the content; reads one byte beyond the limit at most, since a file may be endless."""
    parts: list[bytes] = []
    left = MAX_BYTES + 1
    while part := stream.read(min(left, _CHUNK_BYTES)):
        parts.append(part)
        left -= len(part)
    if left <= 0:
        raise _too_large()
    return b"".join(parts)

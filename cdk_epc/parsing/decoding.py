"""Bytes to text."""

from __future__ import annotations

import codecs
from typing import Final

from cdk_epc.parsing.document import UnusableInputError
from cdk_epc.parsing.limits import MOST_BYTES

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

"""The grammar of an instance type's name."""

from __future__ import annotations

import re

# Lower case throughout, as every name in SageMaker's API model is. A CDK token has "$" and "{".
_NAME = re.compile(r"ml\.([a-z0-9-]+)\.([a-z0-9-]+)")


def family_and_size(name: str) -> tuple[str, str] | None:
    """Return ``("m5", "xlarge")`` for ``ml.m5.xlarge``, and None for what is not so formed."""
    match = _NAME.fullmatch(name)
    return (match[1], match[2]) if match else None

"""The bounds of what is read, each with its reason."""

from __future__ import annotations

from typing import Final

MOST_BYTES: Final = 16 * 1024 * 1024
"""CloudFormation takes a template of 1 MB, and a request is smaller; the rest is for comments."""

MOST_VALUES: Final = 1_000_000
"""A file of 1 MB has room for half of that. It bounds the memory to some 500 bytes a value."""

MOST_LEVELS: Final = 100
"""Nothing in AWS nests half as deep, and whatever walks the data may recurse."""

MOST_DIGITS: Final = 300
"""A longer number is out of a float's range, and Python itself stops at 4,300 digits."""

MOST_BYTES_WITHOUT_LIBYAML: Final = 1024 * 1024
"""PyYAML alone needs half a minute for each megabyte."""

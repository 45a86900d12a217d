"""A template, and what its surroundings say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class PlacedTemplate:
    """A template with what its surroundings say of it.

    Attributes:
        template: It, as JSON; short forms of intrinsic functions are written out.
        name: Its name, by which others refer to it: the file's.
        region: The region that it is deployed to, where that is known.
        account: The account, where that is known.
        nested: The names of the templates of its nested stacks, by their logical ids.
        acknowledged: The reasons by rule id, by the construct path that they hold for and below.
    """

    template: Mapping[str, Any]
    name: str = "template"
    region: str | None = None
    account: str | None = None
    nested: Mapping[str, str] = attrs.Factory(dict[str, str])
    acknowledged: Mapping[str, Mapping[str, str]] = attrs.Factory(dict[str, Mapping[str, str]])

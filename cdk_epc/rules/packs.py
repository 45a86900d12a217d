"""Rules that are off until somebody asks for them, in packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cdk_epc.rules.rule import Rule
from cdk_epc.rules.security import SECURITY_CONTROLS

PACKS: Final[Mapping[str, tuple[Rule, ...]]] = {"security": SECURITY_CONTROLS}
"""The packs by their names, as the command line knows them."""

PACKED: Final[tuple[Rule, ...]] = tuple(rule for pack in PACKS.values() for rule in pack)
"""The rules of all packs."""


def pack_of(rule: Rule) -> str | None:
    """The name of the pack that a rule is in, if it is in one."""
    return next((name for name, rules in PACKS.items() if rule in rules), None)

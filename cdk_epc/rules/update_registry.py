"""Registry of the rules about updates, which compare an old and a new template.

They are apart from the other rules, because a check of one template does not need them.
"""

from __future__ import annotations

from typing import Final

from cdk_epc.rules import endpoint_updates, fleet_updates, replacements, resource_moves
from cdk_epc.rules.rule import Rule

MODULES: Final = (fleet_updates, replacements, endpoint_updates, resource_moves)
"""Modules of the rules, in the order of their findings."""

UPDATE_RULES: Final[tuple[Rule, ...]] = tuple(rule for each in MODULES for rule in each.RULES)
"""Rules that `cdk-epc diff` applies."""

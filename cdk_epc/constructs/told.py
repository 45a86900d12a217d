"""What the constructs of an app have said of themselves, so that the validator need not say it."""

from __future__ import annotations

import attrs
from constructs import IConstruct

from cdk_epc.constructs.stage_validation import Guard
from cdk_epc.rules import Finding
from cdk_epc.rules import acknowledgements as acknowledgement
from cdk_epc.spec.paths import Path

_ABOUT: frozenset[str] = frozenset(rule.id for rule in acknowledgement.RULES)
_RESOURCE = "/Resource"
_PROPERTIES = 3
"""How many steps of a place in a template lead to a resource's properties."""


@attrs.frozen
class Told:
    """What the constructs of an app have said of themselves.

    Attributes:
        warnings: Construct path, rule id and place of each warning.
        acknowledged: Construct path and rule id of what is acknowledged; the construct has judged
            whether that is needed, and it knows rules of its own.
    """

    warnings: frozenset[tuple[str, str, Path]]
    acknowledged: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, root: IConstruct) -> Told:
        """That of the constructs of this app."""
        guards = list(Guard.all_of(root))
        return cls(
            frozenset(
                (finding.resource or "", finding.rule_id, finding.place)
                for guard in guards
                for finding in guard.told
            ),
            frozenset(pair for guard in guards for pair in guard.acknowledged()),
        )

    def has(self, finding: Finding, path: str) -> bool:
        """Whether a finding at a resource of this construct path has been told."""
        construct = path.removesuffix(_RESOURCE)
        if finding.rule_id in _ABOUT:
            return any(
                at == construct and finding.path.endswith(f"[{id_!r}]")
                for at, id_ in self.acknowledged
            )
        return (construct, finding.rule_id, finding.place[_PROPERTIES:]) in self.warnings

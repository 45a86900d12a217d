"""Scenarios of a comparison: the same decisions for the old and the new app."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from itertools import islice
from typing import Final, TypeVar

import attrs

from cdk_epc.spec.unresolved import is_list
from cdk_epc.templates.intrinsics import evaluate, scenario_of
from cdk_epc.templates.scenarios import DecisionKind, Scenario, explore
from cdk_epc.updates.comparison import Comparison
from cdk_epc.updates.pairs import Pairs

T = TypeVar("T")

_MAX: Final = 64
"""Scenarios of a comparison."""
_MAX_RESOURCES: Final = 3_000
"""Resources of all scenarios together, of which large apps get fewer."""
_MIN: Final = 4


@attrs.define(eq=False, kw_only=True)
class _OldScenario(Scenario):
    """Scenario of the old app, which takes the decisions of the new one.

    Attributes:
        new: Scenario of the new app.
        pairs: The apps.
    """

    new: Scenario
    pairs: Pairs

    def decide(self, key: Hashable, options: tuple[T, ...]) -> T:
        """Return the option of the new app; for a default, the one of the old app."""
        given: object = key
        if not is_list(given):
            return super().decide(key, options)
        kind, index, name = given[0], given[1], given[-1]
        if kind == DecisionKind.PARAMETER and self.pairs.new_templates.get(index) == index:
            return self._parameter(key, index, name, options)
        if kind in {DecisionKind.EQUAL, DecisionKind.SAME} and self._has_same_indices():
            self.varying_reads += 1
            return self.new.decide(key, options)
        return super().decide(key, options)

    def _parameter(self, key: Hashable, index: int, name: str, options: tuple[T, ...]) -> T:
        template = self.pairs.new.templates[index]
        given = template.possible_values(name) if name in template.parameters else ()
        self.varying_reads += 1
        if len(given) < 2:  # noqa: PLR2004 - the new app has nothing to decide
            return options[0]
        chosen = self.new.decide(key, tuple(given))
        if chosen == given[0]:
            return options[0]
        return next((each for each in options if each == chosen), options[0])

    def _has_same_indices(self) -> bool:
        return all(old == new for old, new in self.pairs.new_templates.items())


def explored(pairs: Pairs, visit: Callable[[Comparison, Scenario], T]) -> Iterator[T]:
    """Yield the result of a function in each scenario of two apps.

    Args:
        pairs: The apps.
        visit: Function that takes a comparison, and the scenario of the new app.
    """

    def in_scenario(scenario: Scenario) -> T:
        old = _OldScenario(app=pairs.old, evaluator=evaluate, new=scenario, pairs=pairs)
        return visit(Comparison(pairs, old, scenario), scenario)

    count = sum(len(each.resources) for each in pairs.new.templates)
    most = max(_MIN, min(_MAX, _MAX_RESOURCES // max(1, count)))
    return islice(explore(lambda prefix: scenario_of(pairs.new, prefix), in_scenario), most)

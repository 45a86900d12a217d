"""Scenarios: ways in which a template can be deployed.

The evaluation of a template asks its `Scenario` for a decision wherever the template leaves a value
open, for example the value of a parameter. A decision applies for the whole scenario, and the next
scenario decides differently. So only relevant values are decided, and no scenario combines two
branches that exclude each other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import attrs

from cdk_epc.spec.empty import new_dict, new_list, new_set
from cdk_epc.templates.expressions import Scalar, to_text
from cdk_epc.templates.parameter_values import OTHER, Other

if TYPE_CHECKING:
    from cdk_epc.templates.app import App
    from cdk_epc.templates.template import Template

MAX_SCENARIOS: Final = 256
"""Scenarios of one resource, unless more differ from the first in a single decision."""
MAX_SINGLE_DECISIONS: Final = 1024
"""Scenarios that differ from the first in a single decision."""

T = TypeVar("T")


class DecisionKind:
    """Kinds of decisions: the first item of the key of a decision."""

    PARAMETER: Final = "parameter"
    EQUAL: Final = "equal"
    SAME: Final = "same"
    NESTED_STACK: Final = "nested stack"


@attrs.define(eq=False)
class Scenario:
    """One way in which the templates of an app can be deployed.

    Attributes:
        app: The templates.
        evaluator: Function that evaluates an expression.
        prefix: Indices of the first decisions; each later decision takes the first option.
        decisions: Decisions by key.
        trace: Index of each decision and the number of its options, in the order of the decisions.
        equal: Text to which an unresolved expression was decided to be equal.
        differs: Texts from which an unresolved expression was decided to differ.
        parameters: Decided value of each parameter, by template index and name.
        placeholders: Parameters whose decided value is a placeholder. Conditions compare it;
            everything else reads an unknown value, because each deployment passes another one.
        comparing: Whether a condition is being evaluated.
        conditions: Value of each condition, by template index and name; ``None`` if it is unknown.
        cache: Values that were computed in this scenario.
        varying_keys: Keys of the cached values that may differ in another scenario.
        in_progress: Keys of the values that are being computed, to detect circles.
        varying_reads: Number of reads that may have another result in another scenario.
        depth: Depth of the expression that is being evaluated.
    """

    app: App
    evaluator: Callable[[Evaluation, Any], Any]
    prefix: tuple[int, ...] = ()
    decisions: dict[Hashable, Any] = attrs.Factory(new_dict)
    trace: list[tuple[int, int]] = attrs.Factory(new_list)
    equal: dict[Hashable, str] = attrs.Factory(new_dict)
    differs: dict[Hashable, frozenset[str]] = attrs.Factory(new_dict)
    parameters: dict[tuple[int, str], Scalar | Other] = attrs.Factory(new_dict)
    placeholders: set[tuple[int, str]] = attrs.Factory(new_set)
    comparing: bool = False
    conditions: dict[tuple[int, str], bool | None] = attrs.Factory(new_dict)
    cache: dict[Hashable, Any] = attrs.Factory(new_dict)
    varying_keys: set[Hashable] = attrs.Factory(new_set)
    in_progress: set[Hashable] = attrs.Factory(new_set)
    varying_reads: int = 0
    depth: int = 0

    def decide(self, key: Hashable, options: tuple[T, ...]) -> T:
        """Return the option of this scenario; the same key always has the same option."""
        self.varying_reads += 1
        if key not in self.decisions:
            position = len(self.trace)
            index = self.prefix[position] if position < len(self.prefix) else 0
            self.trace.append((index, len(options)))
            self.decisions[key] = options[index]
        decision: T = self.decisions[key]
        return decision

    def is_equal(self, variable: Hashable, text: str) -> bool:
        """Decide whether an unresolved expression equals a text; it equals one text at most."""
        if variable in self.equal:
            return self.equal[variable] == text
        if text in self.differs.get(variable, ()):
            return False
        if not self.decide((DecisionKind.EQUAL, variable, text), (False, True)):
            return False
        self.equal[variable] = text
        return True

    def compute_once(self, key: Hashable, compute: Callable[[], T], circular: T) -> T:
        """Return a value that is computed once in a scenario.

        Args:
            key: Key of the value.
            compute: Function that computes the value.
            circular: Result if the value depends on itself.
        """
        if key in self.cache:
            self.varying_reads += key in self.varying_keys
        elif key in self.in_progress:
            return circular
        else:
            self.in_progress.add(key)
            reads_before = self.varying_reads
            self.cache[key] = compute()
            if self.varying_reads != reads_before:
                self.varying_keys.add(key)
            self.in_progress.discard(key)
        value: T = self.cache[key]
        return value


@attrs.frozen(eq=False)
class Evaluation:
    """Evaluation of a template in a scenario.

    Attributes:
        scenario: The scenario.
        template: The template.
    """

    scenario: Scenario
    template: Template

    def evaluate(self, node: Any) -> Any:  # noqa: ANN401 - JSON
        """Return the value of an expression, as far as it is known."""
        return self.scenario.evaluator(self, node)

    def within(self, template: Template) -> Evaluation:
        """Return the evaluation of another template in the same scenario."""
        return self if template is self.template else Evaluation(self.scenario, template)


def explore(
    start: Callable[[tuple[int, ...]], Scenario], visit: Callable[[Scenario], T]
) -> Iterator[T]:
    """Yield the result of a function in each scenario, those with the fewest decisions first.

    Args:
        start: Function that creates a scenario from the indices of its first decisions.
        visit: Function that asks the scenario for decisions and returns the result.
    """
    queue: deque[tuple[int, ...]] = deque([()])
    count = 1
    while queue:
        prefix = queue.popleft()
        scenario = start(prefix)
        yield visit(scenario)
        limit = MAX_SCENARIOS if prefix else MAX_SINGLE_DECISIONS
        indices = tuple(index for index, _ in scenario.trace)
        for position in range(len(prefix), len(indices)):
            for index in range(1, scenario.trace[position][1]):
                if count < limit:
                    count += 1
                    queue.append((*indices[:position], index))


Facts: TypeAlias = dict[str, str]
"""Decided conditions and parameters of a scenario, such as "IsProd": "true"."""

_MAX_FACTS: Final = 2
"""Facts in a combination; if no such combination is specific, all facts are listed."""
_MAX_VALUES: Final = 5
"""Values of a parameter that a message lists."""
_MAX_CANDIDATES: Final = 24
"""Facts of which combinations are tried."""


def facts_of(scenario: Scenario, template_index: int) -> Facts:
    """Return the facts of a scenario.

    Args:
        scenario: The scenario.
        template_index: Index of the template whose own conditions and parameters need no
            template name.
    """
    facts: Facts = {}
    for (index, name), value in scenario.conditions.items():
        if value is not None:
            label = f"{name}{_suffix(scenario, index, template_index)}"
            facts[label] = "true" if value else "false"
    for (index, name), parameter in scenario.parameters.items():
        label = f"parameter {name}{_suffix(scenario, index, template_index)}"
        facts[label] = OTHER.value if parameter is OTHER else to_text(parameter)
    return facts


def _suffix(scenario: Scenario, index: int, template_index: int) -> str:
    return "" if index == template_index else f" of {scenario.app.templates[index].input.name}"


def specific_facts(
    with_finding: Sequence[Facts], without: Sequence[Facts]
) -> tuple[tuple[str, str], ...]:
    """Return the facts that tell where a finding occurs; none if it occurs everywhere.

    Args:
        with_finding: Facts of the scenarios with the finding.
        without: Facts of the other scenarios.
    """
    if not without:
        return ()
    candidates = [
        (name, value)
        for name, value in with_finding[0].items()
        if any(each.get(name) != value for each in without)
    ]
    return next(_combinations(candidates, without), tuple(candidates))


def scenario_suffix(groups: Sequence[tuple[tuple[str, str], ...]]) -> str:
    """Return the end of a message that states where a finding occurs; empty if everywhere.

    Args:
        groups: Facts of each value of the finding.
    """
    names = {tuple(name for name, _ in facts) for facts in groups}
    if len(names) == 1 and len(groups[0]) == 1:  # one parameter or condition, several values
        ((name, _),) = groups[0]
        listed = [value or "empty" for ((_, value),) in groups[:_MAX_VALUES]]
        if more := len(groups) - len(listed):
            listed.append(f"one of {more} other values")
        *others, last = listed
        values = f"{', '.join(others)} or {last}" if others else last
        return f" (where {name} is {values})"
    facts = " and ".join(f"{name} is {value or 'empty'}" for name, value in groups[0])
    return f" (where {facts})" if facts else ""


def _combinations(
    candidates: list[tuple[str, str]], without: Sequence[Facts]
) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield small combinations of facts that no scenario without the finding has."""
    for size in range(1, _MAX_FACTS + 1):
        for facts in combinations(candidates[:_MAX_CANDIDATES], size):
            if not any(all(each.get(name) == value for name, value in facts) for each in without):
                yield facts

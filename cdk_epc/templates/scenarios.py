"""Ways in which a template can be deployed, found by working it out.

Whatever reads a template asks a `Run` whenever the template leaves something open, and is given one
answer, which holds for the rest of the run. The next run gives another. So only what matters is
ever decided, and no run has two branches that exclude each other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import attrs

from cdk_epc.templates.expressions import Scalar, text
from cdk_epc.templates.parameter_values import OTHER, Other

if TYPE_CHECKING:
    from cdk_epc.templates.app import App
    from cdk_epc.templates.template import Template


MAX_SCENARIOS: Final = 256
"""Scenarios of one resource, unless more are one decision away from the first."""
MAX_SINGLE_DECISIONS: Final = 1024
"""Scenarios that are one decision away from the first."""

T = TypeVar("T")


class DecisionKind:
    """The kinds of what can be decided, the first item of its key."""

    PARAMETER: Final = "parameter"
    EQUAL: Final = "equal"
    SAME: Final = "same"
    NESTED_STACK: Final = "nested stack"


@attrs.define(eq=False)
class Scenario:
    """One scenario, while it is being found.

    Attributes:
        app: The templates.
        evaluator: Works out an expression.
        prefix: The answers to the first questions, as indices; later ones are the first choice.
        decisions: What was decided.
        trace: The index of each answer and how many there were, in the order of the questions.
        equal: The text that a variable was decided to be equal to.
        differs: The texts that a variable was decided to be different from.
        parameters: What each parameter was decided to be, by template and name.
        conditions: What each condition came to, by template and name; ``None`` if that is unknown.
        cache: What was worked out in this scenario and is asked for again.
        in_progress: What is being worked out, so that a circle is noticed.
        varying_reads: How often this scenario was asked for anything that another may answer otherwise.
        depth: How deep the expression lies that is being worked out.
    """

    app: App
    evaluator: Callable[[Evaluation, Any], Any]
    prefix: tuple[int, ...] = ()
    decisions: dict[Hashable, Any] = attrs.Factory(dict[Hashable, Any])
    trace: list[tuple[int, int]] = attrs.Factory(list[tuple[int, int]])
    equal: dict[Hashable, str] = attrs.Factory(dict[Hashable, str])
    differs: dict[Hashable, frozenset[str]] = attrs.Factory(dict[Hashable, frozenset[str]])
    parameters: dict[tuple[int, str], Scalar | Other] = attrs.Factory(
        dict[tuple[int, str], "Scalar | Other"]
    )
    conditions: dict[tuple[int, str], bool | None] = attrs.Factory(
        dict[tuple[int, str], bool | None]
    )
    cache: dict[Hashable, Any] = attrs.Factory(dict[Hashable, Any])
    in_progress: set[Hashable] = attrs.Factory(set[Hashable])
    varying_reads: int = 0
    depth: int = 0

    def decide(self, key: Hashable, options: tuple[T, ...]) -> T:
        """The answer of this scenario; the same question has the same answer."""
        self.varying_reads += 1
        if key not in self.decisions:
            at = len(self.trace)
            index = self.prefix[at] if at < len(self.prefix) else 0
            self.trace.append((index, len(options)))
            self.decisions[key] = options[index]
        decision: T = self.decisions[key]
        return decision

    def is_equal(self, variable_of: Hashable, text: str) -> bool:
        """Whether something unknown is equal to a text; it is equal to one text at most."""
        if variable_of in self.equal:
            return self.equal[variable_of] == text
        if text in self.differs.get(variable_of, ()):
            return False
        if not self.decide((DecisionKind.EQUAL, variable_of, text), (False, True)):
            return False
        self.equal[variable_of] = text
        return True

    def compute_once(self, key: Hashable, work: Callable[[], T], circular: T) -> T:
        """Work something out once in a scenario; ``circular`` if it takes itself to do so."""
        if key in self.cache:
            self.varying_reads += 1
        elif key in self.in_progress:
            return circular
        else:
            self.in_progress.add(key)
            self.cache[key] = work()
            self.in_progress.discard(key)
        done: T = self.cache[key]
        return done


@attrs.frozen(eq=False)
class Evaluation:
    """A template in a scenario: where an expression is worked out.

    Attributes:
        scenario: The scenario.
        template: The template.
    """

    scenario: Scenario
    template: Template

    def evaluate(self, node: Any) -> Any:  # noqa: ANN401 - JSON
        """Work out an expression."""
        return self.scenario.evaluator(self, node)

    def within(self, template: Template) -> Evaluation:
        """Another template in the same scenario."""
        return self if template is self.template else Evaluation(self.scenario, template)


def explore(
    start: Callable[[tuple[int, ...]], Scenario], visit: Callable[[Scenario], T]
) -> Iterator[T]:
    """What a visit comes to in each scenario: the first, those one decision away, and so on.

    Args:
        start: Makes a run from the answers to its first questions.
        visit: What is to be done in each scenario; it asks the run its questions.
    """
    queue: deque[tuple[int, ...]] = deque([()])
    found = 1
    while queue:
        prefix = queue.popleft()
        scenario = start(prefix)
        yield visit(scenario)
        most = MAX_SCENARIOS if prefix else MAX_SINGLE_DECISIONS
        answers = tuple(index for index, _ in scenario.trace)
        for at in range(len(prefix), len(answers)):
            for index in range(1, scenario.trace[at][1]):
                if found < most:
                    found += 1
                    queue.append((*answers[:at], index))


Facts: TypeAlias = dict[str, str]
"""What holds in a scenario, for example "IsProd" or "parameter Memory", and how it is."""

_MOST: Final = 2
"""Choices that are tried together; if more are needed, all are named."""
_FEW: Final = 24
"""Choices among which pairs are looked for."""


def facts_of(scenario: Scenario, home: int) -> Facts:
    """What was decided in a scenario; names of other templates than the one at home say so."""
    facts: Facts = {}
    for (index, name), held in scenario.conditions.items():
        if held is not None:
            facts[f"{name}{_of(scenario, index, home)}"] = "true" if held else "false"
    for (index, name), value in scenario.parameters.items():
        words = f"parameter {name}{_of(scenario, index, home)}"
        facts[words] = OTHER.value if value is OTHER else text(value)
    return facts


def _of(scenario: Scenario, index: int, home: int) -> str:
    return "" if index == home else f" of {scenario.app.templates[index].input.name}"


def scenario_suffix(with_it: Sequence[Facts], without: Sequence[Facts]) -> str:
    """Which choices lead to a fault, for the end of its message; empty if all do.

    Args:
        with_it: The scenarios in which it occurs.
        without: The others.
    """
    if not without:
        return ""
    first = with_it[0]
    open_ = [
        fact for fact in first.items() if any(each.get(fact[0]) != fact[1] for each in without)
    ]
    chosen = next(_telling(open_, without), tuple(open_))
    if not chosen:
        return ""
    return f" (where {' and '.join(f'{name} is {value}' for name, value in chosen)})"


def _telling(
    facts: list[tuple[str, str]], without: Sequence[Facts]
) -> Iterator[tuple[tuple[str, str], ...]]:
    """Few facts that none of the scenarios without the fault has together."""
    for number in range(1, _MOST + 1):
        for chosen in combinations(facts[:_FEW], number):
            if not any(all(each.get(name) == value for name, value in chosen) for each in without):
                yield chosen

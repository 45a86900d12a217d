"""Every finding of one resource, over all ways in which it can be deployed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.rules import Fault, Finding, Rule
from cdk_epc.rules._engine import members_given
from cdk_epc.rules.requests import stray_faults
from cdk_epc.rules.rule import shown
from cdk_epc.spec import EndpointConfigSpec, Spec
from cdk_epc.spec.context import Subject
from cdk_epc.spec.paths import Path, aws_steps, in_aws_words
from cdk_epc.spec.unresolved import is_unknown
from cdk_epc.templates.assertions import may_be
from cdk_epc.templates.choices import Facts, facts_of, words_for
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.context.subjects import PARTS, READ, subjects_of
from cdk_epc.templates.names import Located
from cdk_epc.templates.positions import place_of
from cdk_epc.templates.quotas import Total, Totals
from cdk_epc.templates.references import properties_of, spec_of
from cdk_epc.templates.scenarios import Run, Scope, explored

_TYPE: Final = "value-type"
_PARTS: Final = frozenset(PARTS.values())

_Key: TypeAlias = tuple[str, str, str, int]
"""What makes a fault the same in two scenarios: rule, path, value, and which of several it is."""


@attrs.frozen
class RuleBook:
    """The rules that apply.

    Attributes:
        by_id: All of them, with the severities that apply.
        about: Those about each kind of subject, in their order.
    """

    by_id: Mapping[str, Rule]
    about: Mapping[type, tuple[Rule, ...]]
    _asked: dict[tuple[type, frozenset[str] | None], tuple[Rule, ...]] = attrs.Factory(
        dict[tuple[type, frozenset[str] | None], tuple[Rule, ...]]
    )

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> RuleBook:
        """The book of these rules."""
        about: dict[type, tuple[Rule, ...]] = {}
        for rule in rules:
            for kind in rule.about:
                about[kind] = (*about.get(kind, ()), rule)
        return cls({rule.id: rule for rule in rules}, about)

    def judge(self, subject: Subject) -> list[tuple[Rule, Fault]]:
        """The faults of a subject, each with its rule: as `cdk_epc.rules.judge` finds them."""
        key = (type(subject), members_given(subject))
        if (asked := self._asked.get(key)) is None:
            asked = self._asked[key] = self._asked_of(*key)
        return [(rule, fault) for rule in asked for fault in rule.check(subject)]

    def _asked_of(self, kind: type, given: frozenset[str] | None) -> tuple[Rule, ...]:
        """The rules to ask, which are the same for all subjects with the same members."""
        return tuple(rule for rule in self.about[kind] if given is None or rule.needs <= given)


@attrs.frozen
class _Seen:
    """What came of a resource in one scenario."""

    facts: Facts
    found: Mapping[_Key, Finding]
    takes: Total


@attrs.frozen
class Judge:
    """Holds the rules against resources, in the order of the app."""

    rules: RuleBook
    totals: Totals

    def findings(self, resource: Located) -> list[Finding]:
        """Every finding of a resource, in the order in which they are found."""
        app = self.totals.app
        source, logical_id = resource
        cls = READ[source.resources[logical_id]["Type"]]
        every = list(explored(app.run, lambda run: self._seen(run, resource, cls)))
        seen = [each for each in every if each is not None]
        if cls is EndpointConfigSpec:
            self.totals.add(resource, _least(every))
        if len(seen) == 1:
            return list(seen[0].found.values())
        return _told_apart(seen)

    def _seen(self, run: Run, resource: Located, cls: type[Spec]) -> _Seen | None:
        """What comes of a resource in a scenario; ``None`` if it is not deployed in it."""
        source, logical_id = resource
        scope = Scope(run, source)
        if not exists(scope, logical_id):
            return None
        found: dict[_Key, Finding] = {}
        times: Counter[tuple[str, str, str]] = Counter()
        takes = Total()
        for rule, fault in self._faults(scope, logical_id, cls):
            finding = self._finding(scope, logical_id, cls, rule, fault)
            # What is allowed may read differently from one scenario to the next.
            key = (rule.id, finding.path, shown(fault.got))
            found[*key, times[key]] = finding
            times[key] += 1
        if cls is EndpointConfigSpec and (read := spec_of(scope, logical_id, EndpointConfigSpec)):
            takes = Total.of(read[0])
        return _Seen(facts_of(run, source.index), found, takes) if may_be(scope) else None

    def _faults(self, scope: Scope, logical_id: str, cls: type[Spec]) -> list[tuple[Rule, Fault]]:
        read = spec_of(scope, logical_id, cls)
        is_part = cls in _PARTS
        if read is None:
            properties = properties_of(scope, logical_id)
            is_known = not is_part and not is_unknown(properties)
            return [self._no_object(properties)] if is_known else []
        spec, strays = read
        found = [] if is_part else list(stray_faults(strays))
        for subject in subjects_of(scope, logical_id, spec, self.totals, self.rules.about):
            found += self.rules.judge(subject)
        return found

    def _no_object(self, properties: Any) -> tuple[Rule, Fault]:  # noqa: ANN401 - JSON
        fix = "Give an object with the members of its shape."
        fault = Fault(path=(), got=properties, allowed="an object", fix=fix)
        return self.rules.by_id[_TYPE], fault

    def _finding(
        self, scope: Scope, logical_id: str, cls: type[Spec], rule: Rule, fault: Fault
    ) -> Finding:
        words = in_aws_words(fault.path, cls) or "Properties"
        steps: Path = aws_steps(fault.path, cls)
        return attrs.evolve(
            Finding.of(self.rules.by_id[rule.id], fault, words),
            resource=logical_id,
            place=place_of(scope, logical_id, steps),
        )


def _least(every: Sequence[_Seen | None]) -> Total:
    """What a configuration takes at least."""
    least = every[0].takes if every[0] else Total()
    for each in every[1:]:
        least = least.least(each.takes if each else Total())
    return least


def _told_apart(seen: Sequence[_Seen]) -> list[Finding]:
    """The findings of all scenarios, each once, with the choices that lead to it."""
    where: dict[_Key, list[int]] = {}
    for at, each in enumerate(seen):
        for key in each.found:
            where.setdefault(key, []).append(at)
    findings: list[Finding] = []
    for key, places in where.items():
        has = set(places)
        words = words_for(
            [seen[at].facts for at in places],
            [each.facts for at, each in enumerate(seen) if at not in has],
        )
        first = seen[places[0]].found[key]
        findings.append(attrs.evolve(first, message=first.message + words))
    return findings

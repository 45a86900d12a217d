"""A resource as it stands: what was given by whom, checked at each step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, Generic, NoReturn, TypeVar, cast

import attrs

from cdk_epc.constructs.acknowledgements import Acknowledgements, given_at
from cdk_epc.constructs.call_sites import (
    CallSite,
    SuppliedPart,
    in_python_words,
    supplied_part_of,
    words_in,
)
from cdk_epc.constructs.resource_type import Kind
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.values import ArgumentTypeError, argument_names, as_given, several
from cdk_epc.rules import (
    RULES,
    EndpointConfigError,
    Finding,
    Profile,
    Rule,
    Severity,
    Violation,
    evaluate,
)
from cdk_epc.rules.call_errors import ARGUMENT_TYPE, RULE_ID_TAKEN
from cdk_epc.rules.finding import Language
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import Diagnostic
from cdk_epc.spec import Spec
from cdk_epc.spec.context import Subject
from cdk_epc.spec.fields import aws_steps
from cdk_epc.spec.unresolved import is_list, is_mapping, is_unresolved

_OUR_IDS: Final = frozenset(each.id for each in DIAGNOSTICS)
_PACKED: Final = frozenset(rule.id for rule in PACKED)


@attrs.frozen
class RulePhases:
    """Rules by when they are applied.

    Attributes:
        at_once: Those that are raised where a fault was written.
        at_synth: Those that wait for synth.
    """

    eager: tuple[Rule, ...]
    at_synth: tuple[Rule, ...]

    @classmethod
    def of(cls, rules: Iterable[Rule], kind: Kind[Any]) -> RulePhases:
        """At once is what is settled, an error, and about a resource of this kind alone."""
        eager: list[Rule] = []
        at_synth: list[Rule] = []
        for rule in rules:
            is_error = rule.severity is Severity.ERROR
            is_settled = rule.eager or kind.is_whole_at_once
            is_at_once = is_settled and is_error and kind.spec in rule.about
            (eager if is_at_once else at_synth).append(rule)
        return cls(tuple(eager), tuple(at_synth))

    @property
    def every(self) -> tuple[Rule, ...]:
        """All of them."""
        return self.eager + self.at_synth

    def __add__(self, other: RulePhases) -> RulePhases:
        """Both, each in its order."""
        return RulePhases(self.eager + other.eager, self.at_synth + other.at_synth)


def of_ones_own(rules: object) -> tuple[Rule, ...]:
    """Rules that were passed on, each once: a policy and its caller may both bring the same.

    Raises:
        UnfitError: There is something else among them.
    """
    allowed, fix = "a list of rules (Rule)", "Put your own rules into a list: [rule]."
    given = several(rules, allowed, fix)
    for each in given:
        if not isinstance(each, Rule):
            raise ArgumentTypeError(each, allowed, fix)
    return tuple(dict.fromkeys(given))


def taken_id(rules: Iterable[Rule]) -> Violation | None:
    """The fault of the first of these rules that has the id of one of ours, or of another."""
    taken = set(_OUR_IDS)
    for rule in rules:
        if rule.id in taken or (rule.id in _PACKED and rule not in PACKED):
            return Violation(
                path=("rules",),
                got=rule.id,
                must="be an id that no other rule has",
                fix="Begin your rules' ids with a word of your own.",
            )
        taken.add(rule.id)
    return None


@cache
def _others(profile: Profile) -> tuple[Diagnostic, ...]:
    """Return the diagnostics that are no rules, with the severities of a profile."""
    return profile.apply(each for each in DIAGNOSTICS if not isinstance(each, Rule))


@cache
def our_timetable(profile: Profile, kind: Kind[Any]) -> RulePhases:
    """Our rules for a kind of resource, with the severities of a profile."""
    return RulePhases.of(profile.apply(RULES), kind)


S = TypeVar("S", bound=Spec)


def finding_of(  # noqa: PLR0913, PLR0917 - a finding with where and by whom it was written
    rule: Diagnostic,
    violation: Violation,
    words: str,
    resource: str,
    site: CallSite | None,
    root: type[Spec],
    arguments: Mapping[str, str] | None = None,
) -> Finding:
    """The finding of a fault in the words of whoever wrote it, with the line of the call."""
    return attrs.evolve(
        Finding.of(
            rule, violation, words, Language.PYTHON, {**argument_names(), **(arguments or {})}
        ),
        resource=resource,
        file=site.file if site else None,
        line=site.line if site else None,
        place=aws_steps(violation.path, root),
    )


class ResourceState(Generic[S]):
    """A spec that grows call by call.

    What no later call could cure is refused at once, and then nothing of the call is kept. The
    rules that must wait, and the warnings, are left for synth: the others have seen this very spec,
    which is frozen, so they would find nothing new. What is acknowledged is kept as it is.

    Attributes:
        kind: What is drafted.
        spec: It, so far.
        supplied_parts: Who gave which part of it.
        notes: Findings about how it came to be.
        around: Where it stands.
        acknowledgements: What is acknowledged on it.
        own_rules: Rules beside ours that it is held to.
        in_place: It with what stands around it, for the rules that need a neighbour; none if
            nothing is known of that.
    """

    def __init__(
        self,
        kind: Kind[S],
        around: ConstructScope,
        rules: Iterable[Rule],
        site: CallSite | None,
        profile: Profile = Profile.DEFAULT,
    ) -> None:
        """Begin with nothing, to be checked by our rules and by these.

        Raises:
            EndpointConfigError: A rule has the id of one of ours, or of another of these.
        """
        self.kind = kind
        self.spec = kind.spec()
        self.supplied_parts: tuple[SuppliedPart, ...] = ()
        self.notes: list[Finding] = []
        self.around = around
        self.context: Callable[[], Subject | None] = _nothing
        # Of what is given at once, what is missing is missing there.
        self._site = site if kind.is_whole_at_once else None
        self.own_rules = extra = self.lowered(SuppliedPart((), "rules", rules, site), of_ones_own)
        if (violation := taken_id(extra)) is not None:
            self.refuse(RULE_ID_TAKEN, violation, "rules", site)
        self._rules = our_timetable(profile, kind)
        if extra:
            self._rules += RulePhases.of(profile.apply(extra), kind)
        self._let_through: set[str] = set()  # rules at once, of which findings were acknowledged
        self.acknowledgements = Acknowledgements((*self._rules.every, *_others(profile)))

    def acknowledge(self, given: Mapping[str, str] | None, site: CallSite | None) -> None:
        """Leave what these rules find as it is, for these reasons.

        Raises:
            EndpointConfigError: An id is that of no rule, or a reason says nothing.
        """
        if given is None:
            return
        if not is_mapping(given):
            violation = Violation(
                path=(),
                got=given,
                must="be a mapping of rule ids to reasons",
                fix='Write {"the-rule": "why its findings may stay"}.',
            )
            self.refuse(ARGUMENT_TYPE, violation, "acknowledge", site)
        if wrong := self.acknowledgements.add(given, site):
            path = self.around.path
            raise EndpointConfigError(given_at(each, path, site) for each in wrong)

    def give(self, supplied_parts: Sequence[SuppliedPart], **changes: Any) -> None:  # noqa: ANN401 - by member
        """Take over changes to the spec.

        Raises:
            EndpointConfigError: SageMaker would refuse the resource, whatever comes later.
        """
        if not changes and not self.kind.is_whole_at_once:
            return  # an empty constructor, with methods to follow
        spec: S = attrs.evolve(cast("Any", self.spec), **changes)  # each is an attrs class
        every = (*self.supplied_parts, *supplied_parts)
        if errors := list(self._findings(spec, spec, every, self._rules.eager)):
            self._leave(errors)
        self.spec, self.supplied_parts = spec, every

    def check_in_context(
        self,
        subject: Subject,
        words: str,
        site: CallSite | None,
        supplied_parts: Sequence[SuppliedPart] = (),
    ) -> None:
        """Hold the rules that need a neighbour against what a call is about to bring about.

        They are asked again at synth, so nothing that is let through here is lost.

        Args:
            subject: The resource with what would then stand around it.
            words: How whoever wrote the call knows what is wrong.
            site: The call.
            supplied_parts: The parts of the resource that the call gave, where it gave some.

        Raises:
            EndpointConfigError: A rule that stops `cdk synth` finds something that is not
                acknowledged, and that was not there before.
        """
        errors = [rule for rule in self._rules.every if rule.severity is Severity.ERROR]
        before = self.context()
        known = [] if before is None else list(evaluate(before, errors))
        new = [each for each in evaluate(subject, errors) if each not in known]
        self._leave(
            [
                finding_of(
                    rule,
                    violation,
                    words_in(supplied_parts, violation.path, words),
                    self.around.path,
                    site,
                    self.kind.spec,
                )
                for rule, violation in new
            ]
        )

    def findings_at_synth(self) -> list[Finding]:
        """What is still missing, the warnings, and what was acknowledged in vain."""
        return list(self.sorted_at_synth().findings)

    def sorted_at_synth(self) -> Report:
        """The same, beside everything that was acknowledged."""
        rules = [
            *(rule for rule in self._rules.eager if rule.id in self._let_through),
            *self._rules.at_synth,
        ]
        found = [*self.notes, *self._findings(self.spec, self.spec, self.supplied_parts, rules)]
        if (context := self.context()) is not None:
            found += self._findings(context, self.spec, self.supplied_parts, rules)
        return self._sorted(found)

    def lowered(self, supplied_part: SuppliedPart, lower: Callable[[Any], Any] = as_given) -> Any:  # noqa: ANN401
        """What a piece stands for in the spec.

        Raises:
            EndpointConfigError: It, or an argument of it, is of a type that nothing can be made of.
        """
        try:
            return lower(supplied_part.given)
        except ArgumentTypeError as unfit:
            words = ".".join(filter(None, (supplied_part.title, unfit.words)))
            violation = Violation(
                path=supplied_part.place, got=unfit.got, must=f"be {unfit.allowed}", fix=unfit.fix
            )
            error = self._refusal(unfit.rule or ARGUMENT_TYPE, violation, words, supplied_part.site)
            raise error from None

    def refuse(
        self, rule: Diagnostic, violation: Violation, words: str, site: CallSite | None
    ) -> NoReturn:
        """Refuse a call.

        Raises:
            EndpointConfigError: Always.
        """
        raise self._refusal(rule, violation, words, site)

    def _refusal(
        self, rule: Diagnostic, violation: Violation, words: str, site: CallSite | None
    ) -> EndpointConfigError:
        finding = finding_of(
            rule,
            violation,
            words,
            self.around.path,
            site,
            self.kind.spec,
            self.kind.arguments,
        )
        return EndpointConfigError([finding])

    def _leave(self, errors: Sequence[Finding]) -> None:
        """Leave these if all are acknowledged, here or further out."""
        if not errors:
            return
        acknowledged = {*self.acknowledgements.given, *self.around.acknowledged()}
        if wrong := [each for each in errors if each.rule_id not in acknowledged]:
            raise EndpointConfigError(wrong)
        self._let_through.update(each.rule_id for each in errors)

    def _sorted(self, found: Sequence[Finding]) -> Report:
        if not found and not self.acknowledgements.given:
            return Report((), ())
        here = self.acknowledgements.sort(found, self.around.path)
        further_out: Mapping[str, str] = self.around.acknowledged() if here.findings else {}
        return Report(
            findings=tuple(each for each in here.findings if each.rule_id not in further_out),
            acknowledged=here.acknowledged
            + tuple(
                attrs.evolve(each, acknowledged=further_out[each.rule_id])
                for each in here.findings
                if each.rule_id in further_out
            ),
        )

    def _findings(
        self,
        subject: Spec | Subject,
        spec: Spec,
        supplied_parts: Sequence[SuppliedPart],
        rules: Sequence[Rule],
    ) -> Iterator[Finding]:
        for rule, violation in evaluate(cast("Subject", subject), rules):
            supplied_part = supplied_part_of(supplied_parts, violation.path) or (
                supplied_parts[-1] if supplied_parts else None
            )
            words = in_python_words(spec, supplied_parts, violation.path, self.kind.arguments)
            site = supplied_part.site if supplied_part else self._site
            yield finding_of(
                rule,
                violation,
                words,
                self.around.path,
                site,
                self.kind.spec,
                self.kind.arguments,
            )


def _nothing() -> None:
    """What is known of the surroundings before anybody says."""


def apply_arguments(
    state: ResourceState[S], given: Mapping[str, object], site: CallSite | None
) -> None:
    """Take in what was given for each member of the spec; ``None`` is nothing.

    Raises:
        EndpointConfigError: SageMaker would refuse it, whatever comes later.
    """
    kind = state.kind
    supplied_parts: list[SuppliedPart] = []
    changes: dict[str, Any] = {}
    for member, what in given.items():
        argument = kind.arguments[member]
        if member in kind.lists and is_list(what) and not is_unresolved(what):
            items = [
                SuppliedPart((member, index), f"{argument}[{index}]", item, site)
                for index, item in enumerate(what)
            ]
            if items:
                supplied_parts += items
                changes[member] = tuple(state.lowered(supplied_part) for supplied_part in items)
        elif what is not None:
            supplied_part = SuppliedPart((member,), argument, what, site)
            supplied_parts.append(supplied_part)
            changes[member] = state.lowered(supplied_part, kind.lower.get(member, as_given))
    state.give(supplied_parts, **changes)

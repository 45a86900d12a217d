"""The configuration as it stands: what was given by whom, checked at each step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import attrs

from cdk_epc.constructs.arguments import UnfitError, as_given
from cdk_epc.constructs.pieces import CallSite, Piece, in_python_words, piece_of
from cdk_epc.rules import RULES, EndpointConfigError, Fault, Finding, Rule, Severity, judge
from cdk_epc.rules.calls import ARGUMENT_TYPE, RULE_ID_TAKEN
from cdk_epc.spec import EndpointConfigSpec

_OUR_IDS = frozenset(rule.id for rule in RULES)


def _by_time(rules: Iterable[Rule]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The rules that are raised where a fault was written, and those that wait for synth."""
    at_once: list[Rule] = []
    at_synth: list[Rule] = []
    for rule in rules:
        is_at_once = rule.settled and rule.severity is Severity.ERROR
        (at_once if is_at_once else at_synth).append(rule)
    return tuple(at_once), tuple(at_synth)


_AT_ONCE, _AT_SYNTH = _by_time(RULES)


def finding_of(
    rule: Rule, fault: Fault, words: str, resource: str, site: CallSite | None
) -> Finding:
    """The finding of a fault in the words of whoever wrote it, with the line of the call."""
    return attrs.evolve(
        Finding.of(rule, fault, words),
        resource=resource,
        file=site.file if site else None,
        line=site.line if site else None,
    )


class Draft:
    """A spec that grows call by call.

    What no later call could cure is refused at once, and then nothing of the call is kept. The
    rules that must wait, and the warnings, are left for synth: the others have seen this very spec,
    which is frozen, so they would find nothing new.

    Attributes:
        spec: The configuration so far.
        pieces: Who gave which part of it.
        notes: Warnings about how it came to be.
    """

    def __init__(
        self, path: Callable[[], str], rules: Iterable[Rule], site: CallSite | None
    ) -> None:
        """Begin with nothing, to be checked by our rules and by these.

        Raises:
            EndpointConfigError: A rule has the id of one of ours, or of another of these.
        """
        self.spec = EndpointConfigSpec()
        self.pieces: tuple[Piece, ...] = ()
        self.notes: list[Finding] = []
        self._path = path
        extra = tuple(dict.fromkeys(rules))  # a policy and its caller may both bring the same
        self._refuse_taken_ids(extra, site)
        at_once, at_synth = _by_time(extra)
        self._at_once = _AT_ONCE + at_once
        self._at_synth = _AT_SYNTH + at_synth

    def give(self, pieces: Sequence[Piece], **changes: Any) -> None:  # noqa: ANN401 - by member
        """Take over changes to the spec.

        Raises:
            EndpointConfigError: SageMaker would refuse the configuration, whatever comes later.
        """
        if not changes:  # an empty constructor, with methods to follow
            return
        spec = attrs.evolve(self.spec, **changes)
        every = (*self.pieces, *pieces)
        if errors := list(self._findings(spec, every, self._at_once)):
            raise EndpointConfigError(errors)
        self.spec, self.pieces = spec, every

    def findings_at_synth(self) -> list[Finding]:
        """What is still missing, and the warnings."""
        return [*self.notes, *self._findings(self.spec, self.pieces, self._at_synth)]

    def lowered(self, piece: Piece, lower: Callable[[Any], Any] = as_given) -> Any:  # noqa: ANN401
        """What a piece stands for in the spec.

        Raises:
            EndpointConfigError: It, or an argument of it, is of a type that nothing can be made of.
        """
        try:
            return lower(piece.given)
        except UnfitError as unfit:
            words = f"{piece.title}.{unfit.words}" if unfit.words else piece.title
            fault = Fault(path=piece.place, got=unfit.got, allowed=unfit.allowed, fix=unfit.fix)
            finding = finding_of(ARGUMENT_TYPE, fault, words, self._path(), piece.site)
            raise EndpointConfigError([finding]) from None

    def refuse(self, rule: Rule, fault: Fault, words: str, site: CallSite | None) -> None:
        """Refuse a call.

        Raises:
            EndpointConfigError: Always.
        """
        raise EndpointConfigError([finding_of(rule, fault, words, self._path(), site)])

    def _refuse_taken_ids(self, extra: Sequence[Rule], site: CallSite | None) -> None:
        if not extra:
            return
        taken = set(_OUR_IDS)
        for rule in extra:
            if rule.id in taken:
                fault = Fault(
                    path=("rules",),
                    got=rule.id,
                    allowed="an id that no other rule has",
                    fix="Begin your rules' ids with a word of your own.",
                )
                self.refuse(RULE_ID_TAKEN, fault, "rules", site)
            taken.add(rule.id)

    def _findings(
        self, spec: EndpointConfigSpec, pieces: Sequence[Piece], rules: Sequence[Rule]
    ) -> Iterator[Finding]:
        for rule, fault in judge(spec, rules):
            piece = piece_of(pieces, fault.path) or (pieces[-1] if pieces else None)
            words = in_python_words(spec, pieces, fault.path)
            yield finding_of(rule, fault, words, self._path(), piece.site if piece else None)

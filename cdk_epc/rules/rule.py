"""What a rule is, and what it finds."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

import attrs

from cdk_epc.spec import EndpointConfigSpec, Path, Spec
from cdk_epc.spec.unresolved import Unresolved, is_unresolved

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


class Severity(StrEnum):
    """How sure the refusal is."""

    ERROR = "error"
    """Documented as must, or seen refused by the service."""
    WARNING = "warning"
    """Anything less sure."""


class Evidence(StrEnum):
    """What a rule rests on."""

    DOCUMENTED = "documented"
    """AWS's reference, guide or published model says so."""
    REAL_ERROR = "real-error"
    """The service has been seen to refuse it."""
    INFERRED = "inferred"
    """It follows from what is documented, and nobody has been seen to try."""
    OURS = "ours"
    """A rule of this library or of whoever wrote it, not of SageMaker."""


class Profile(StrEnum):
    """How strictly the rules are applied."""

    DEFAULT = "default"
    """Each rule with the severity that it declares."""
    STRICT = "strict"
    """Warnings are errors."""

    def apply(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        """The rules with the severities of this profile."""
        if self is Profile.DEFAULT:
            return tuple(rules)
        return tuple(attrs.evolve(rule, severity=Severity.ERROR) for rule in rules)


class Words(str):
    """What was given, in words, where the value itself would be too long to show: "3 variants"."""

    __slots__ = ()


@attrs.frozen(kw_only=True)
class Violation:
    """One breach of a rule, before anybody knows who wrote the configuration.

    Attributes:
        path: Where, in Python names from the root of the spec.
        got: The value that is wrong; ``None`` where something is missing.
        allowed: What would have been right, as it reads after "allowed: ".
        fix: What to do about it, as a sentence.
    """

    path: Path
    got: Any
    allowed: str
    fix: str


def _names(given: Iterable[str]) -> frozenset[str]:
    return frozenset(given)


def _kebab(_: object, __: object, given: str) -> None:
    if not _ID.fullmatch(given):
        raise ValueError(
            f"a rule's id is {given!r}; allowed: words in lower case, hyphens between them, "
            "the first one your own, for example 'company-instance-family'"
        )


@attrs.frozen(kw_only=True)
class Rule:
    """One thing that SageMaker refuses, or that a team refuses on top of it.

    Attributes:
        id: Public and never reused, in kebab case.
        title: What must hold, in one line.
        why: What happens otherwise.
        mend: What to do about it in general; each fault says it for its own case.
        evidence: What the rule rests on.
        since: The version of this library that first had the rule.
        source_url: The text the rule was read from.
        about: What the check can be given: a configuration by default; a model, an endpoint, or one
            of these with what stands around it in the same template (`cdk_epc.spec.context`).
        check: A pure function from such a subject to its faults. It finds nothing where it does not
            apply or where a value is a token.
        needs: Python names of members, of a configuration or of its variants, without which the
            check finds nothing, so that it need not be asked.
        of_templates: Whether it holds only of what CloudFormation deploys, not of a request.
        severity: An error stops `cdk synth`, a warning does not.
        settled: Whether no later call on the construct can cure a fault, so that it is raised where
            it was written. A rule about something that is still missing is not settled.
        facts: The ids of this rule's evidence in the collection it was drawn from.
    """

    id: str = attrs.field(validator=_kebab)
    title: str
    why: str
    fix: str = ""
    evidence: Evidence = Evidence.OURS
    since: str = "0.1.0"
    source_url: str | None = None
    about: tuple[type[Any], ...] = (EndpointConfigSpec,)
    needs: frozenset[str] = attrs.field(default=frozenset[str](), converter=_names)
    check: Callable[[Any], Iterable[Violation]]
    severity: Severity = Severity.ERROR
    of_templates: bool = False
    eager: bool = False
    facts: tuple[str, ...] = ()


def broken_by_call(  # noqa: PLR0913 - what there is to say of a rule
    *,
    id: str,
    title: str,
    why: str,
    fix: str,
    evidence: Evidence,
    source_url: str | None = None,
) -> Rule:
    """A rule of calls: whoever carries the call out sees it broken, for no spec can show it."""
    return Rule(
        id=id,
        title=title,
        why=why,
        fix=fix,
        evidence=evidence,
        source_url=source_url,
        check=lambda _: (),
        eager=True,
    )


@attrs.frozen(kw_only=True)
class Finding:
    """A breach of a rule, as a person reads it.

    Attributes:
        rule_id: The rule.
        severity: Error or warning.
        path: The property, in the words of whoever wrote it.
        got: The value that is wrong.
        allowed: What would have been right.
        message: All of it in one line.
        fix: What to do about it.
        source_url: The text the rule was read from.
        resource: The construct's path, or the logical id in a template.
        file: The file of the call that gave the value, or the file that was checked.
        line: The line, from 1.
        column: The column, from 1.
        acknowledged: The reason that somebody gave for leaving it as it is.
        place: The steps to it in the document that was checked, keys and indices as they stand
            there; of what is missing, the steps to where it would stand.
    """

    rule_id: str
    severity: Severity
    path: str
    got: Any
    allowed: str
    message: str
    fix: str
    source_url: str | None = None
    resource: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    acknowledged: str | None = None
    place: Path = attrs.field(default=(), eq=False)

    @classmethod
    def of(cls, rule: Rule, violation: Violation, path: str) -> Finding:
        """The finding of a rule's fault, its place in the given words."""
        verb = ":" if isinstance(violation.got, Words) else " is"
        got = "missing" if violation.got is None else shown(violation.got)
        return cls(
            rule_id=rule.id,
            severity=rule.severity,
            path=path,
            got=violation.got,
            allowed=violation.allowed,
            message=f"{path}{verb} {got}; allowed: {violation.allowed}",
            fix=violation.fix,
            source_url=rule.source_url,
        )

    def __str__(self) -> str:
        """The whole finding on a few lines."""
        lines = [f"{self.severity} {self.rule_id}: {self.message}", f"    fix: {self.fix}"]
        if self.resource is not None:
            lines.append(f"    construct: {self.resource}")
        if self.file is not None:
            lines.append(f"    given at: {self.file}:{self.line}")
        if self.source_url is not None:
            lines.append(f"    source: {self.source_url}")
        return "\n".join(lines)


class EndpointConfigError(ValueError):
    """A configuration that SageMaker would refuse, or a call that makes no sense.

    Attributes:
        findings: Everything that is wrong, not just the first.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Make the error of these findings."""
        self.findings = tuple(findings)
        super().__init__("\n".join(["", *map(str, self.findings)]))


_LONGEST = 80
# Other than `repr`, this ends where a list goes deep.
_REPR = reprlib.Repr()
_REPR.maxdict = _REPR.maxlist = _REPR.maxtuple = _REPR.maxstring = _REPR.maxother = _LONGEST
_LONGEST_INTEGER = 256
"""Bits; what no property comes near, and Python refuses to write in digits when it is far more."""


def shown(value: object) -> str:
    """A value for a message: as Python writes it, words as they are, cut when it is long."""
    if isinstance(value, Words):
        return str(value)
    if is_unresolved(value):
        refers_to = value.refers_to if isinstance(value, Unresolved) else None
        return f"a reference to {refers_to.logical_id}" if refers_to else "known at deployment"
    if isinstance(value, Spec):
        return f"{type(value).__name__}(…)"
    if isinstance(value, int) and value.bit_length() > _LONGEST_INTEGER:
        return f"a whole number of {value.bit_length()} bits"
    text = repr(str(value)) if isinstance(value, str) else _REPR.repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

"""Diagnostics: a rule with its check, an error that only a call can cause, and a violation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from cdk_epc._records import Record
from cdk_epc.spec import EndpointConfigSpec, Path

_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")

D = TypeVar("D", bound="Diagnostic")


class Severity(StrEnum):
    """Certainty that SageMaker or CloudFormation refuses the input."""

    ERROR = "error"
    """AWS documents it as a must, or the service was seen to refuse it."""
    WARNING = "warning"
    """Everything less certain."""


class Evidence(StrEnum):
    """Basis of a rule."""

    DOCUMENTED = "documented"
    """AWS's API reference, developer guide or published model says so."""
    REAL_ERROR = "real-error"
    """The service was seen to refuse it."""
    INFERRED = "inferred"
    """A consequence of documented facts; no refusal is on record."""
    OURS = "ours"
    """A rule of this library, or of the author of a custom rule, not of SageMaker."""


class Profile(StrEnum):
    """Strictness with which the rules are applied."""

    DEFAULT = "default"
    """Each rule with the severity that it declares."""
    STRICT = "strict"
    """Warnings are errors."""

    def apply(self, diagnostics: Iterable[D]) -> tuple[D, ...]:
        """Return the diagnostics with the severities of this profile."""
        if self is Profile.DEFAULT:
            return tuple(diagnostics)
        return tuple(attrs.evolve(each, severity=Severity.ERROR) for each in diagnostics)


class Words(str):
    """Description of a value that is too long to show, such as "3 variants"."""

    __slots__ = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Violation(Record):
    """One violation of a rule, before the source of the configuration is known.

    The message is one sentence that begins with the property. Give exactly one of ``must``,
    ``not_allowed``, ``required`` and ``sentence``. A member that the text names in backticks,
    such as `` `max_capacity` ``, is written as the source writes it: ``MaxCapacity`` in a
    template, ``max_capacity`` or the argument's name in Python.

    Attributes:
        path: Path of the property, in Python names from the root of the spec.
        got: The wrong value; ``None`` (the default) for a missing one.
        must: Requirement, as it reads after "must": "be 1024, 2048 or 3072 MB".
        not_allowed: Context in which no value is allowed, as it reads after "is not allowed":
            "on a serverless variant", "because the variant has a model".
        required: Context that requires a value, as it reads after "is required":
            "for a container", "because the variant names no model".
        sentence: The whole message where none of these forms fits, without a full stop.
        fix: Advice on the change, as a sentence.
        python_fix: The same for Python code, where that differs by more than names.
        source_url: Source of this violation, where it differs from that of the rule.
    """

    path: Path
    got: Any = None
    must: str = ""
    not_allowed: str = ""
    required: str = ""
    sentence: str = ""
    fix: str
    python_fix: str | None = None
    source_url: str | None = None

    def __attrs_post_init__(self) -> None:
        """Check that the message has exactly one form.

        Raises:
            ValueError: None or several of the four forms are given.
        """
        forms = (self.must, self.not_allowed, self.required, self.sentence)
        if sum(map(bool, forms)) != 1:
            raise ValueError(
                "a Violation takes exactly one of must, not_allowed, required and sentence"
            )

    @property
    def allowed(self) -> str:
        """Requirement in a few words, for machine-readable reports."""
        if self.must:
            return self.must.removeprefix("be ")
        if self.not_allowed:
            return f"no value {self.not_allowed}"
        return f"a value {self.required}" if self.required else ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RuleFailure(Violation):
    """Failure of the check of a custom rule, which is reported in place of its violations."""


def _names(given: Iterable[str]) -> frozenset[str]:
    return frozenset(given)


def _is_id(_: object, __: object, given: str) -> None:
    if not _ID.fullmatch(given):
        raise ValueError(
            f"rule id {given!r} must be lower-case words joined by hyphens, and the first one "
            "your own, for example 'company-instance-family'"
        )


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Diagnostic(Record):
    """Common description of everything that a finding can report.

    Attributes:
        id: Public name of the fault in kebab case; never reused.
        title: Requirement, in one line.
        why: Consequence of a violation.
        fix: General advice; each violation has advice for its own case.
        evidence: Basis of the rule.
        since: First version of this library with the rule.
        source_url: Text that the rule was read from.
        severity: An error stops `cdk synth`, a warning does not.
        facts: Ids of the evidence in the collection that the rule was drawn from.
    """

    id: str = attrs.field(validator=_is_id)
    title: str
    why: str
    fix: str = ""
    evidence: Evidence = Evidence.OURS
    since: str = "0.1.0"
    source_url: str | None = None
    severity: Severity = Severity.ERROR
    facts: tuple[str, ...] = ()


Check: TypeAlias = Callable[[Any], Iterable[Violation]]
"""Pure function from a subject to its violations."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Rule(Diagnostic):
    """Requirement of SageMaker, or of a team, with the check that finds its violations.

    Attributes:
        about: Subjects that the check accepts: by default an endpoint configuration; or a model,
            an endpoint, or one of these with its related resources (`cdk_epc.spec.context`).
        check: Pure function from a subject to its violations. It yields nothing where the rule
            does not apply or where a value is an unresolved token.
        requires: Names without which the check finds nothing, so that it is skipped: Python names
            of members of the spec, at any depth, and of related resources in the context.
        when: Condition on the subject without which the check finds nothing, so that it is
            skipped. It is asked once for rules that follow each other and share it.
        of_templates: Whether the rule holds only for templates, not for API requests.
        eager: Whether no later call on the construct can fix a violation, so that it is raised by
            the call that causes it. A rule about a missing value is not eager.
    """

    about: tuple[type[Any], ...] = (EndpointConfigSpec,)
    requires: frozenset[str] = attrs.field(default=frozenset[str](), converter=_names)
    when: Callable[[Any], bool] | None = None
    check: Check
    of_templates: bool = False
    eager: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CallError(Diagnostic):
    """Error that only a method call can cause; the method raises it."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InputError(Diagnostic):
    """Finding about a document, an app or an acknowledgement, reported by its reader.

    Attributes:
        of_templates: Whether it holds only for templates, not for API requests.
    """

    of_templates: bool = False


def rule(  # noqa: PLR0913 - the attributes of a rule
    *,
    id: str,
    title: str,
    why: str,
    fix: str = "",
    evidence: Evidence = Evidence.OURS,
    since: str = "0.1.0",
    source_url: str | None = None,
    about: tuple[type[Any], ...] = (EndpointConfigSpec,),
    requires: Iterable[str] = (),
    when: Callable[[Any], bool] | None = None,
    severity: Severity = Severity.ERROR,
    of_templates: bool = False,
    eager: bool = False,
    facts: tuple[str, ...] = (),
) -> Callable[[Check], Rule]:
    """Turn a check into a rule.

    The decorated name is the `Rule`. Nothing is registered: the module lists its rules in order.

    Args:
        id: See `Diagnostic`, like all arguments that are not described here.
        title: Requirement, in one line.
        why: Consequence of a violation.
        fix: General advice.
        evidence: Basis of the rule.
        since: First version of this library with the rule.
        source_url: Text that the rule was read from.
        about: Subjects that the check accepts; see `Rule`.
        requires: Members without which the check finds nothing; see `Rule`.
        when: Condition without which the check finds nothing; see `Rule`.
        severity: Error or warning.
        of_templates: Whether the rule holds only for templates.
        eager: Whether the violation is raised by the call; see `Rule`.
        facts: Ids of the evidence.

    Returns:
        A decorator for the check.

    Raises:
        ValueError: The id is not in kebab case.
    """

    def decorate(check: Check) -> Rule:
        return Rule(
            id=id,
            title=title,
            why=why,
            fix=fix,
            evidence=evidence,
            since=since,
            source_url=source_url,
            about=about,
            requires=requires,
            when=when,
            check=check,
            severity=severity,
            of_templates=of_templates,
            eager=eager,
            facts=facts,
        )

    return decorate


def rules_given(rules: Any) -> tuple[Rule, ...]:  # noqa: ANN401 - checked here
    """Return the rules of an argument.

    Raises:
        TypeError: The argument is not a list of rules.
    """
    is_list = hasattr(rules, "__iter__") and not isinstance(rules, str)
    every: tuple[Any, ...] = tuple(rules) if is_list else ()
    wrong = [each for each in every if not isinstance(each, Rule)] if is_list else [rules]
    if wrong:
        raise TypeError(
            f"rules must be a list of rules (Rule), got {type(wrong[0]).__name__}; pass [rule], or "
            "a pack such as SECURITY_CONTROLS"
        )
    return every

"""Findings: violations in the spelling of the source, and the error that carries them."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import cache
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.rules.printable import printable
from cdk_epc.rules.rule import Diagnostic, RuleFailure, Severity, Violation, Words
from cdk_epc.spec import Path, Spec
from cdk_epc.spec.fields import members_of, pascal
from cdk_epc.spec.unresolved import Unresolved, is_list, is_mapping, is_unresolved

_MEMBER: Final = re.compile(r"`([a-z][a-z0-9]*(?:_[a-z0-9]+)*)`")


class Language(Enum):
    """Spelling of members and values in messages."""

    AWS = "aws"
    """``MaxCapacity``, ``true``: templates and requests."""
    PYTHON = "python"
    """``max_capacity``, ``True``: constructs."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Finding(Record):
    """Violation of a rule, in the spelling of the source.

    Attributes:
        rule_id: Id of the rule.
        severity: Error or warning.
        path: The property, as the source spells it.
        got: The wrong value.
        allowed: The requirement in a few words, for machine-readable reports.
        message: The finding in one sentence.
        fix: Advice on the change that removes the finding.
        source_url: Text that the rule was read from.
        resource: Path of the construct, or logical id in a template.
        file: File of the call that supplied the value, or the file that was checked.
        line: Line, from 1.
        column: Column, from 1.
        acknowledged: Reason for which the finding was acknowledged.
        regions: Regions of the deployment that have the finding, if others do not have it.
        place: Keys and indices that lead to the value in the checked document; for a missing
            value, those that lead to where it belongs.
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
    regions: tuple[str, ...] = ()
    place: Path = attrs.field(default=(), eq=False)

    @classmethod
    def of(
        cls,
        diagnostic: Diagnostic,
        violation: Violation,
        path: str,
        language: Language = Language.AWS,
        arguments: Mapping[str, str] | None = None,
    ) -> Finding:
        """Return the finding of a violation.

        Args:
            diagnostic: The violated rule.
            violation: The violation.
            path: The property, as the source spells it.
            language: Spelling of members and values.
            arguments: Python argument of each member whose argument has another name.
        """

        def spelt(text: str) -> str:
            if "`" not in text:
                return text
            return _MEMBER.sub(lambda match: _name(match, language, arguments or {}), text)

        if isinstance(violation, RuleFailure):
            from cdk_epc.rules.call_errors import CUSTOM_RULE_FAILED  # noqa: PLC0415 - rare

            diagnostic = CUSTOM_RULE_FAILED
        fix = violation.fix
        if language is Language.PYTHON and violation.python_fix is not None:
            fix = violation.python_fix
        return cls(
            rule_id=diagnostic.id,
            severity=diagnostic.severity,
            path=path,
            got=violation.got,
            allowed=spelt(violation.allowed),
            message=_message(violation, path, language, spelt),
            fix=spelt(fix),
            source_url=violation.source_url or diagnostic.source_url,
        )

    @property
    def text(self) -> str:
        """Finding without its severity on a few printable lines.

        Errors of constructs, annotations and the reports of CDK have this layout.
        """
        lines = [f"{self.rule_id}: {self.message}", f"    fix: {self.fix}"]
        if self.resource is not None:
            kind = "resource" if self.place[:1] == ("Resources",) else "construct"
            lines.append(f"    {kind}: {self.resource}")
        if self.file is not None:
            lines.append(f"    given at: {self.file}:{self.line}")
        if self.source_url is not None:
            lines.append(f"    source: {self.source_url}")
        return "\n".join(map(printable, lines))

    def __str__(self) -> str:
        """Return the severity and the text."""
        return f"{self.severity} {self.text}"


def picklable(value: object) -> object:
    """Return a value that another process gets equal: the value itself, or its description."""
    import pickle  # noqa: PLC0415 - rarely needed

    try:
        copied = pickle.loads(pickle.dumps(value))  # noqa: S301 - our own data
        is_equal = bool(copied == value)
    except Exception:  # noqa: BLE001 - a construct, for example, raises an error of jsii
        is_equal = False
    return value if is_equal else Words(shown(value))


class EndpointConfigError(ValueError):
    """Configuration that SageMaker would refuse, or a call that makes no sense.

    Attributes:
        findings: Everything that is wrong, not only the first finding.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Create the error of these findings."""
        self.findings = tuple(findings)
        super().__init__("\n".join(["", *map(str, self.findings)]))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return the parts of a copy; the arguments of an exception are its message only."""
        findings = tuple(attrs.evolve(each, got=picklable(each.got)) for each in self.findings)
        others = {key: each for key, each in vars(self).items() if key != "findings"}
        return type(self), (findings,), others or None

    def __copy__(self) -> EndpointConfigError:
        """Return an error with the same findings and notes."""
        copied = type(self)(self.findings)
        vars(copied).update(vars(self))
        return copied

    def __deepcopy__(self, _: object) -> EndpointConfigError:
        """Return an error with the same findings, which are frozen."""
        return self.__copy__()


def _message(
    violation: Violation, path: str, language: Language, spelt: Callable[[str], str]
) -> str:
    """Return the message of a violation.

    Only the text of the rule is respelt, because a value may have backticks, too.
    """
    if violation.sentence:
        return spelt(violation.sentence)
    if violation.required:
        return f"{_subject(path)} is required {spelt(violation.required)}"
    if violation.not_allowed:
        subject = _subject(path, _brief(violation.got, language))
        return f"{subject} is not allowed {spelt(violation.not_allowed)}"
    return f"{_subject(path)} {_state(violation.got, language)}; must {spelt(violation.must)}"


def _subject(path: str, value: str = "") -> str:
    """Return the property with its value: ``memory_size 5 of add_serverless_variant("a")``.

    Args:
        path: The property, as the source spells it.
        value: Value after a blank, or nothing.
    """
    call, separator, rest = path.rpartition(").")
    return f"{rest}{value} of {call})" if separator else f"{path}{value}"


def _state(got: object, language: Language) -> str:
    """Return the predicate about a value, such as "is missing" or "has 3 variants"."""
    if got is None:
        return "is missing"
    if isinstance(got, Words):
        return f"has {got}" if got[:1].isdigit() else f"is {got}"
    if isinstance(got, str) and not got:
        return "is empty"
    if (is_list(got) or is_mapping(got)) and not got:
        return "is empty"
    return f"is {shown(got, language)}"


def _brief(got: object, language: Language) -> str:
    """Return a value after a blank; nothing for a value that its member implies, or a long one."""
    if isinstance(got, (bool, Words, Spec)) or got is None or is_unresolved(got):
        return " false" if got is False else ""
    if is_list(got) or is_mapping(got):
        return ""
    return f" {shown(got, language)}"


def _name(match: re.Match[str], language: Language, arguments: Mapping[str, str]) -> str:
    """Return the name of a member in backticks, as the source spells it."""
    member = match.group(1)
    if language is Language.PYTHON:
        return arguments.get(member) or member
    return _wire_names().get(member, pascal(member))


@cache
def _wire_names() -> dict[str, str]:
    """Return AWS's name of each member, by its Python name."""
    return {
        member.name: member.wire
        for spec in Spec.__subclasses__()
        if hasattr(spec, "__attrs_attrs__")
        for member in members_of(spec)
    }


_LONGEST: Final = 80
# Unlike `repr`, reprlib does not recurse to the end of a deeply nested list.
_REPR: Final = reprlib.Repr()
_REPR.maxdict = _REPR.maxlist = _REPR.maxtuple = _REPR.maxstring = _REPR.maxother = _LONGEST
_LONGEST_INTEGER: Final = 256
"""Bits. No property is that large, and Python refuses to write much longer integers in digits."""


def shown(value: object, language: Language = Language.AWS) -> str:
    """Return a value for a message: `Words` unchanged, others as a literal of 80 characters."""
    if isinstance(value, Words):
        return str(value)
    if isinstance(value, bool) and language is Language.AWS:
        return "true" if value else "false"
    if is_unresolved(value):
        refers_to = value.refers_to if isinstance(value, Unresolved) else None
        return f"a reference to {refers_to.logical_id}" if refers_to else "known at deployment"
    if isinstance(value, Spec):
        return f"{type(value).__name__}(…)"
    if isinstance(value, int) and value.bit_length() > _LONGEST_INTEGER:
        return f"a whole number of {value.bit_length()} bits"
    if isinstance(value, str):
        text = repr(str(value))
    elif type(value).__repr__ is object.__repr__:  # its text would be an address in memory
        name = type(value).__name__
        text = f"{'an' if name[0] in 'AEIOU' else 'a'} {name} object"
    else:
        text = _REPR.repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

"""Checks of custom rules, whose errors hide neither the findings of other rules nor each other.

A check may raise an exception, return something else than violations, yield violations without end,
or change its subject. Each of these is a violation of its own, `RuleFailure`, which names the rule
and the line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from types import CodeType, TracebackType
from typing import Any, Final, TypeGuard

import attrs

from cdk_epc._records import Record
from cdk_epc.rules.call_errors import CUSTOM_RULE_FAILED
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.rule import Check, Rule, RuleFailure, Severity, Violation
from cdk_epc.spec import Spec
from cdk_epc.spec.context import ROOTS
from cdk_epc.spec.fields import aws_path, members_of
from cdk_epc.spec.unresolved import items_of
from cdk_epc.spec.updates import UPDATE_SUBJECTS

MAX_VIOLATIONS: Final = 1000
"""Maximum number of violations that one rule may find in one resource."""
_PACKAGE: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep  # noqa: PTH100, PTH120 - text
_IMPORTLIB: Final = f"importlib{os.sep}__init__.py"
_LONGEST: Final = 200
_TEXTS: Final = ("must", "not_allowed", "required", "sentence", "fix")
_OPTIONAL_TEXTS: Final = ("python_fix", "source_url")


def guarded(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return rules whose checks find a `RuleFailure` where they would fail otherwise.

    The rules of this library's packs stay as they are.

    Raises:
        ValueError: An attribute of a rule has a value that the evaluation does not know.
    """
    return tuple(_guarded(rule) for rule in rules)


def _guarded(rule: Rule) -> Rule:
    # Imported here because this imports the rules of the packs.
    from cdk_epc.rules.registry import PACKED  # noqa: PLC0415

    if isinstance(rule.check, GuardedCheck) or rule in PACKED:
        return rule
    if rule.severity not in set(Severity):
        raise ValueError(f"severity of rule {rule.id} is {rule.severity!r}; must be a Severity")
    about: Any = rule.about
    subjects = (*ROOTS, *UPDATE_SUBJECTS)
    if not isinstance(about, tuple) or not all(each in subjects for each in items_of(about)):
        names = ", ".join(each.__name__ for each in subjects)
        raise ValueError(f"about of rule {rule.id} is {rule.about!r}; must be a tuple of {names}")
    if unknown := sorted(map(str, rule.requires - _member_names())):
        raise ValueError(
            f"rule {rule.id} requires {unknown[0]!r}, which is no member of a spec or a context"
        )
    check = GuardedCheck(rule.id, rule.check, rule.when)
    return attrs.evolve(rule, check=check, when=None, severity=Severity(rule.severity))


def _member_names() -> frozenset[str]:
    specs = (each for each in Spec.__subclasses__() if hasattr(each, "__attrs_attrs__"))
    members = (member.name for each in specs for member in members_of(each))
    subjects = (*ROOTS, *UPDATE_SUBJECTS)
    related = (field.name.lstrip("_") for each in subjects for field in attrs.fields(each))
    return frozenset([*members, *related])


@attrs.frozen(eq=False, repr=False)
class GuardedCheck(Record):
    """Check of a custom rule.

    Attributes:
        rule_id: Id of the rule.
        check: The check.
        when: Condition of the rule; see `Rule`.
    """

    rule_id: str
    check: Check
    when: Callable[[Any], bool] | None = None

    def __call__(self, subject: Any) -> list[Violation]:  # noqa: ANN401 - any subject
        """Return the violations that the rule finds before it fails, and the failure.

        A rule that yields too many violations, or changes its subject, has the failure only.
        """
        found: list[Violation] = []
        given = _copied(subject, {})
        try:
            if self.when is not None and not self.when(given):
                return []
            for violation in _iterable(self.check(given)):
                if len(found) == MAX_VIOLATIONS:
                    return [self._failure(f"yields more than {MAX_VIOLATIONS:,} violations")]
                _require_violation(violation, subject)
                found.append(violation)
        except KeyboardInterrupt:
            raise
        except _NonsenseError as error:
            found.append(self._failure(str(error)))
        except BaseException as error:  # noqa: BLE001 - `sys.exit` of a rule is no exit of ours
            text = _text_of(error)
            about = f"{type(error).__name__}: {text}" if text else type(error).__name__
            found.append(self._failure(f"raises {about}", error.__traceback__))
        return found if _is_same(subject, given, set()) else [self._failure("changes its subject")]

    def _failure(self, problem: str, traceback: TracebackType | None = None) -> RuleFailure:
        where = line_of(traceback, _code_of(self.check)) or _place_of(self.check)
        return RuleFailure(
            path=(),
            got=f"{self.rule_id} at {where}",
            sentence=f"rule {self.rule_id} {problem} ({where})",
            fix=CUSTOM_RULE_FAILED.fix,
        )


class _NonsenseError(Exception):
    """Result of a check that is not a violation."""


def _iterable(found: Any) -> Iterable[Any]:  # noqa: ANN401 - checked here
    if _is_iterable(found):
        return found
    if (close := getattr(found, "close", None)) is not None:  # a coroutine that is not awaited
        close()
    raise _NonsenseError(f"returns {_article(found)}; must return or yield violations")


def _is_iterable(found: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(found, Iterable) and not isinstance(found, (str, bytes, Mapping))


def _require_violation(given: Any, subject: Any) -> None:  # noqa: ANN401 - checked here
    if not isinstance(given, Violation):
        raise _NonsenseError(f"yields {_article(given)}; must yield violations")
    path: Any = given.path
    steps = items_of(path)
    if not isinstance(path, tuple) or not all(isinstance(each, (str, int)) for each in steps):
        raise _NonsenseError("yields a violation whose path is not a tuple of names and indices")
    texts = [getattr(given, name) for name in _TEXTS]
    texts += [each for name in _OPTIONAL_TEXTS if (each := getattr(given, name)) is not None]
    if not all(isinstance(each, str) for each in texts):
        raise _NonsenseError("yields a violation with a text that is not a str")
    # The value can have any type, and its `__repr__` can raise.
    root = subject.root if isinstance(subject, UPDATE_SUBJECTS) else ROOTS[type(subject)]
    Finding.of(CUSTOM_RULE_FAILED, given, aws_path(given.path, root))


def _article(value: object) -> str:
    name = type(value).__name__
    return f"{'an' if name[:1] in 'aeiouAEIOU' else 'a'} {name}"


def _text_of(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - `__str__` of the caller's own class
        return ""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _code_of(check: object) -> CodeType | None:
    """Return the code of a function, a method, a partial function or a callable object."""
    for _ in range(10):  # a chain of partial functions and decorators is no longer
        if isinstance(code := getattr(check, "__code__", None), CodeType):
            return code
        inner = getattr(check, "func", None) or getattr(check, "__func__", None)
        check = inner if inner is not None else vars(type(check)).get("__call__")
    return None


def line_of(traceback: TracebackType | None, code: CodeType | None = None) -> str | None:
    """Return the innermost line in the file of the check, or else the last one outside of ours."""
    of_check = other = None
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if code is not None and file == code.co_filename:
            of_check = f"{_shown_file(file)}:{traceback.tb_lineno}"
        elif not file.startswith((_PACKAGE, "<frozen ")) and not file.endswith(_IMPORTLIB):
            other = f"{_shown_file(file)}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return of_check or other


def _place_of(check: Check) -> str:
    if (code := _code_of(check)) is not None:
        return f"{_shown_file(code.co_filename)}:{code.co_firstlineno}"
    module = sys.modules.get(str(getattr(check, "__module__", "")))
    return str(getattr(module, "__file__", None) or "unknown file")


def _shown_file(file: str) -> str:
    """Return the name of a file, relative to the current folder if it is below that."""
    try:
        here = os.getcwd()  # noqa: PTH109 - text
    except OSError:  # another process has deleted it
        return file
    return file.removeprefix(here.rstrip(os.sep) + os.sep)


def _copied(value: Any, known: dict[int, Any]) -> Any:  # noqa: ANN401 - by type
    """Return a copy of a subject down to texts, numbers and constructs, which are shared.

    Args:
        value: The subject or a part of it.
        known: Copies so far by the identity of the original, so that shared parts stay shared.
    """
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if id(value) in known:
        return known[id(value)]
    cls = _class_of(value)
    if attrs.has(cls):
        copied = known[id(value)] = object.__new__(cls)
        for field in attrs.fields(cls):
            object.__setattr__(copied, field.name, _copied(getattr(value, field.name), known))
        return copied
    known[id(value)] = value
    if cls is dict:
        known[id(value)] = {key: _copied(each, known) for key, each in value.items()}
    elif cls in {list, tuple}:
        known[id(value)] = cls(_copied(each, known) for each in value)
    return known[id(value)]


def _is_same(one: Any, other: Any, known: set[tuple[int, int]]) -> bool:  # noqa: ANN401 - by type
    """Return whether a copy has not been changed.

    Args:
        one: The original or a part of it.
        other: The same part of the copy.
        known: Identities of the pairs that have been compared.
    """
    cls, pair = _class_of(one), (id(one), id(other))
    if one is other or pair in known:
        return True
    if cls is not type(other):
        return False
    known.add(pair)
    if attrs.has(cls):
        names = (field.name for field in attrs.fields(cls))
        return all(_is_same(getattr(one, name), getattr(other, name), known) for name in names)
    if cls is dict:
        return list(one) == list(other) and all(
            _is_same(one[key], other[key], known) for key in one
        )
    if cls in {list, tuple}:
        return len(one) == len(other) and all(
            _is_same(left, right, known) for left, right in zip(one, other, strict=True)
        )
    return bool(one == other)


def _class_of(value: object) -> Any:  # noqa: ANN401 - a class whose parameters are unknown
    return type(value)

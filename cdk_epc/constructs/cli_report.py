"""Findings for the CDK CLI, which shows them in the terminal and in editors.

The CLI shows a finding at the first line in the creation stack of its construct. jsii does not pass
lines of Python on, unless the app is debugged. So the lines are written to the metadata of the
assembly, and only there: templates do not change.

- A construct of this library and the L1s below it have the line that created the construct.
- A finding is an annotation of an extra construct without resources. Its id is the file and line of
  the call, and its scope is the construct with the finding.

With a context key, the CLI announces that it reads CDK's report and fails if there are errors, so
that the app itself need not fail. Commands that only inspect an app, such as `cdk validate` and the
language server `cdk lsp`, then get all errors of the app, not only those of the first wrong call.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from types import FrameType, TracebackType
from typing import Final, TypeAlias, cast
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from constructs import Construct, IConstruct

from cdk_epc.constructs.acknowledgements import with_call_site
from cdk_epc.constructs.call_sites import CallSite, is_own_frame
from cdk_epc.constructs.duck_typing import node_of
from cdk_epc.constructs.scope import PREFIX, ConstructScope
from cdk_epc.rules import EndpointConfigError, Finding, Severity
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.rules.rule import Violation
from cdk_epc.spec import Path

_FAILS_SYNTH: Final = "@aws-cdk/core:failSynthOnValidationErrors"
"""Context key that is false if the CLI reads the validation report and fails itself."""

_BUNDLED_STACKS: Final = "aws:cdk:bundling-stacks"
"""Context key of the stacks whose assets are built; none for commands that only inspect an app."""

_ERROR_FILE: Final = "CDK_ERROR_FILE"
"""Environment variable that every command sets, but not the language server."""

_NO_TRACE: Final = "aws:cdk:disable-stack-trace"
"""Context key that turns off the stacks of annotations, which would lead into jsii."""

_PREFIXES: Final = "_INTERNAL_PREFIXES"
"""Variable of jsii with the prefixes of the files whose frames are left out."""

_Key: TypeAlias = tuple[str | None, str, Path | str]
"""Construct path, rule id and place of a finding."""

_CREATION_STACK: Final = "aws:cdk:creationStack"


class CliReport:
    """Report of an app for the CLI command that runs it.

    Attributes:
        is_read: Whether a CLI reads CDK's validation report and fails itself.
        collects_errors: Whether errors of calls are collected and not raised.
        is_unfinished: Whether an error has ended the program, so that calls are missing, which
            would change the findings at synth.
    """

    def __init__(self, *, is_read: bool, collects_errors: bool) -> None:
        """Create an empty report."""
        self.is_read = is_read
        self.collects_errors = collects_errors
        self.is_unfinished = False
        self._collected: dict[_Key, tuple[ConstructScope, Finding]] = {}
        self._lines: dict[tuple[IConstruct, CallSite], Construct] = {}
        self._sites: dict[IConstruct, CallSite] = {}

    @classmethod
    def of(cls, root: IConstruct) -> CliReport:
        """Return the report of an app; the context of the app is read once."""
        report = _REPORTS.get(root)
        if report is None:
            is_read = node_of(root).try_get_context(_FAILS_SYNTH) is False
            report = _REPORTS[root] = cls(
                is_read=is_read, collects_errors=is_read and _is_inspected(root)
            )
            if is_read:
                _hide_own_frames()
            if report.collects_errors and isinstance(root, cdk.App):
                _report_uncaught_errors(root, report)
        return report

    def collect(self, scope: ConstructScope, findings: Iterable[Finding]) -> None:
        """Keep errors of calls on the construct of a scope until the synth.

        Each call checks the whole resource and finds the errors of earlier calls again.
        """
        for finding in findings:
            where = finding.place or finding.message
            key = (finding.resource, finding.rule_id, where)
            self._collected.setdefault(key, (scope, finding))

    def collected(self) -> Iterator[tuple[Construct, Finding]]:
        """Yield the collected errors with their constructs."""
        for scope, finding in self._collected.values():
            yield scope.construct, finding

    def trace(self, construct: IConstruct, site: CallSite | None) -> None:
        """Record the line that created a construct, for the construct and the L1s below it."""
        if site is None or construct in self._sites:
            return
        self._sites[construct] = site
        stack, node = [_frame(site)], construct.node
        node.add_metadata(_CREATION_STACK, stack)
        for each in node.find_all():
            if isinstance(each, cdk.CfnElement):
                each.node.add_metadata(_CREATION_STACK, stack)

    def annotate(self, construct: Construct, finding: Finding) -> None:
        """Add a finding to a construct as an annotation."""
        at = construct
        if self.is_read:
            site = self._sites.get(construct)
            if finding.file is not None and finding.line is not None:
                site = CallSite(finding.file, finding.line)
            at = construct if site is None else self._line(construct, site)
        validations, id_ = cdk.Validations.of(at), f"{PREFIX}{finding.rule_id}"
        if finding.severity is Severity.ERROR:
            validations.add_error(id_, finding.text)
        else:
            validations.add_warning(id_, finding.text)

    def _line(self, construct: Construct, site: CallSite) -> Construct:
        """Return the construct of a line below a construct."""
        if (construct, site) not in self._lines:
            id_ = f"{PurePath(site.file).name}:{site.line}"
            if construct.node.try_find_child(id_) is not None:  # the same line of another file
                id_ = f"{site.file}:{site.line}"
            line = Construct(construct, id_)
            node = line.node
            node.set_context(_NO_TRACE, value=True)
            node.add_metadata(_CREATION_STACK, [_frame(site)])
            self._lines[construct, site] = line
        return self._lines[construct, site]


_UNWRITABLE: Final = frozenset({"value-missing", "value-type-wrong"})
"""Ids of errors that CDK refuses to write to a template."""


def refuse(scope: ConstructScope, findings: Sequence[Finding]) -> None:
    """Raise the errors of a call, or collect them if the CDK CLI gets all errors of the app.

    With collected errors, the call goes on as if they were acknowledged, so that later calls find
    their resources.

    Args:
        scope: Scope of the construct.
        findings: The errors.

    Raises:
        EndpointConfigError: Unless the errors are collected, or if the L1 could not be written.
    """
    root = scope.root()
    report = None if root is None else CliReport.of(root)
    is_unwritable = any(each.rule_id in _UNWRITABLE for each in findings)
    if report is None or not report.collects_errors or is_unwritable:
        raise EndpointConfigError(findings)
    report.collect(scope, findings)


_REPORTS: Final[WeakKeyDictionary[IConstruct, CliReport]] = WeakKeyDictionary()


def _is_inspected(root: IConstruct) -> bool:
    """Return whether a command inspects the app, and does not deploy it or write its templates."""
    return _ERROR_FILE not in os.environ or root.node.try_get_context(_BUNDLED_STACKS) == []


def _frame(site: CallSite) -> str:
    """Return a line as a frame of Node, with the real path, in which the CLI has its folder."""
    return f"call ({os.path.realpath(site.file)}:{site.line})"


def _hide_own_frames() -> None:
    """Leave the frames of this library out of the stacks that jsii records in a debugged app.

    The CLI shows the first frame, which would be a line of this library. jsii leaves its own frames
    out by the prefix of their file, and has no public setting for others.
    """
    recorder = sys.modules.get("jsii._stack_trace")
    prefixes: object = getattr(recorder, _PREFIXES, None)
    own = f"{PurePath(__file__).parents[1]}{os.sep}"
    if isinstance(prefixes, tuple) and own not in prefixes:
        setattr(recorder, _PREFIXES, (*prefixes, own))


def _report_uncaught_errors(app: cdk.App, report: CliReport) -> None:
    """Report an error that ends the program, together with the errors of earlier calls.

    The CLI shows nothing but "Subprocess exited with error" for a program that fails. So the app is
    synthesized as far as it is, and the CLI fails because of the reported error.
    """
    others = sys.excepthook

    def report_error(
        type_: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        findings = list(_findings(error, traceback))
        if not findings:
            others(type_, error, traceback)
            return
        report.is_unfinished = True
        try:
            for finding in findings:
                construct = _innermost(app, finding.resource or "")
                report.collect(ConstructScope(construct, ""), [finding])
            app.synth(force=True)
        except Exception:  # noqa: BLE001 - the first error is the one to show
            others(type_, error, traceback)
        else:
            raise SystemExit(0)

    sys.excepthook = report_error


def _findings(error: BaseException, traceback: TracebackType | None) -> Iterator[Finding]:
    """Yield the findings of an error that this library raised, at the line of the user's call."""
    frame: FrameType | None = None
    while traceback is not None:
        frame, traceback = traceback.tb_frame, traceback.tb_next
    if isinstance(error, EndpointConfigError):
        yield from error.findings
    elif isinstance(error, TypeError | ValueError) and frame is not None and is_own_frame(frame):
        violation = Violation(path=(), got=None, sentence=str(error), fix="Correct the call.")
        yield with_call_site(
            Finding.of(ARGUMENT_TYPE, violation, ""), None, CallSite.of_frame(frame)
        )


def _innermost(app: cdk.App, path: str) -> Construct:
    """Return the innermost construct on a path, or else the first stack.

    The CLI shows annotations of constructs in stacks only.
    """
    construct: IConstruct = app
    for id_ in path.split("/") if path else ():
        child = construct.node.try_find_child(id_)
        if child is None:
            break
        construct = child
    if construct is app or isinstance(construct, cdk.Stage):
        stacks = (each for each in construct.node.find_all() if isinstance(each, cdk.Stack))
        construct = next(stacks, construct)
    return cast("Construct", construct)

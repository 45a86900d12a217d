"""Findings of the inputs of examples, in the form of the examples files."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest import mock

from cdk_epc.requests import check_request
from cdk_epc.rules.explain import Content, Example, ExampleKind
from cdk_epc.rules.finding import EndpointConfigError, Finding, Language
from cdk_epc.rules.registry import PACKS
from cdk_epc.rules.rule import Diagnostic, Violation
from cdk_epc.templates import TemplateInput, check_template
from cdk_epc.updates import review_update

ROOT: Final = Path(__file__).resolve().parents[2]
# CDK appends the id for acknowledgements to the text of a warning.
_WARNING: Final = re.compile(r"(?s)([a-z0-9-]+): (.*?)\n    fix: (.*?)\n.*\[ack: cdk-epc::\1\]")
_ERROR: Final = re.compile(
    r"error ([a-z0-9-]+): (.*)\n    fix: (.*)\n    construct: (.*)\n", re.MULTILINE
)
_MEMBERS: Final = ("severity", "path", "got", "allowed", "message", "fix", "resource")
_PACK_OF: Final = {each.id: pack for pack in PACKS.values() for each in pack}
# The one rule whose finding depends on the installed packages.
_WITHOUT_JMESPATH: Final = "explainer-expression-unchecked"


def findings_of(rule_id: str, example: Example, content: Content) -> list[dict[str, Any]]:
    """Return the findings about one input of an example, as JSON with the rule's id."""
    with installation_of(rule_id):
        if isinstance(content, str):
            return _findings_of_code(content)
        if example.old is not None:
            sides = [TemplateInput(template=_json_of(each)) for each in (example.old, content)]
            return [_json(each) for each in review_update(sides[:1], sides[1:]).findings]
        check = check_template if example.kind is ExampleKind.TEMPLATE else check_request
        rules = _PACK_OF.get(rule_id, ())
        return [_json(each) for each in check(content, region=example.region, rules=rules)]


def _json_of(content: Content) -> Mapping[str, Any]:
    assert not isinstance(content, str)  # noqa: S101 - only templates are compared
    return content


def python_fix_of(rule_id: str, example: Example) -> str | None:
    """Return the advice to Python code about the bad input, where it has words of its own."""
    fixes: dict[str, str] = {}
    finding_of = Finding.of

    def recorded(
        diagnostic: Diagnostic,
        violation: Violation,
        path: str,
        language: Language = Language.AWS,
        arguments: Mapping[str, str] | None = None,
    ) -> Finding:
        if violation.python_fix is not None:
            in_python = finding_of(diagnostic, violation, path, Language.PYTHON, arguments)
            fixes[diagnostic.id] = in_python.fix
        return finding_of(diagnostic, violation, path, language, arguments)

    with mock.patch.object(Finding, "of", recorded):
        findings_of(rule_id, example, example.bad)
    return fixes.get(rule_id)


@contextmanager
def installation_of(rule_id: str) -> Iterator[None]:
    """Hide jmespath while the example of the rule about its absence runs."""
    if rule_id != _WITHOUT_JMESPATH:
        yield
        return
    with mock.patch.dict(sys.modules, {"jmespath": None}):
        yield


def _findings_of_code(code: str) -> list[dict[str, Any]]:
    import aws_cdk as cdk  # noqa: PLC0415 - it starts Node, which only examples in Python need

    context = json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]
    app = cdk.App(context=context)
    names = {"__name__": "app", "app": app, "stack": cdk.Stack(app, "Stack")}
    try:
        with TemporaryDirectory() as folder, chdir(folder):  # the code may write files
            exec(compile(code, "app.py", "exec"), names)  # noqa: S102 - the library's own examples
            stacks = app.synth().stacks
    except EndpointConfigError as error:
        return [_json(each) for each in error.findings]
    except RuntimeError as error:  # an error at synth, which CDK reports as text
        return list(_errors(str(error)))
    texts = [str(message.entry.data) for stack in stacks for message in stack.messages]
    return list(_warnings(texts))


def _errors(text: str) -> Iterator[dict[str, Any]]:
    for rule_id, message, fix, construct in _ERROR.findall(text):
        found = {"rule_id": rule_id, "severity": "error", "message": message, "fix": fix}
        yield {**found, "resource": construct}


def _warnings(texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    for text in texts:
        match = _WARNING.fullmatch(text)
        if match is None:
            yield {"rule_id": "", "severity": "warning", "message": text}
            continue
        rule_id, message, fix = match.groups()
        yield {"rule_id": rule_id, "severity": "warning", "message": message, "fix": fix}


def _json(finding: Finding) -> dict[str, Any]:
    members: Mapping[str, Any] = {name: getattr(finding, name) for name in _MEMBERS}
    given = {name: value for name, value in members.items() if value is not None}
    result: dict[str, Any] = json.loads(
        json.dumps({"rule_id": finding.rule_id, **given}, default=repr)
    )
    return result

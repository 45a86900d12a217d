"""Explanation of a rule with an example that violates it and one that does not.

The examples are in ``examples/<topic>.json``. Each rule has one entry: a good input, the change
that makes it bad, and the whole finding. Tests, pages and `cdk-epc explain` read the same entry.
"""

from __future__ import annotations

import copy
import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.rules.rule import Diagnostic, Evidence, InputError, Rule
from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, InferenceComponentSpec, ModelSpec
from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.context import (
    AlarmContext,
    ConfigContext,
    EndpointContext,
    InferenceComponentContext,
    ModelContext,
    ScalableTargetContext,
    ScalingPolicyContext,
)
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.spec.updates import (
    ComponentUpdate,
    EndpointUpdate,
    FleetUpdate,
    PolicyUpdate,
    ResourceMove,
    ResourceReplacement,
    StaleName,
)

_WIDTH: Final = 80
_INDENT: Final = "  "
_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")

EVIDENCE: Final[Mapping[Evidence, str]] = {
    Evidence.DOCUMENTED: "AWS's API reference, developer guide or published model says so.",
    Evidence.REAL_ERROR: "The service was seen to refuse it.",
    Evidence.INFERRED: "It follows from documented facts; no refusal is on record.",
    Evidence.OURS: "A rule of this library or of a team, not of SageMaker.",
}
_SUBJECTS: Final[Mapping[type, str]] = {
    EndpointConfigSpec: "endpoint configurations",
    ConfigContext: "endpoint configurations with their related resources",
    ModelSpec: "models",
    EndpointSpec: "endpoints",
    EndpointContext: "endpoints with their related resources",
    InferenceComponentSpec: "inference components",
    InferenceComponentContext: "inference components with their related resources",
    ModelContext: "models with their related resources",
    AlarmSpec: "CloudWatch alarms",
    AlarmContext: "CloudWatch alarms with the resources that they monitor",
    ScalableTargetSpec: "scalable targets",
    ScalableTargetContext: "scalable targets with the resources that they scale",
    ScalingPolicySpec: "scaling policies",
    ScalingPolicyContext: "scaling policies with the resources that they scale",
    EndpointUpdate: "updates of endpoints",
    FleetUpdate: "updates of endpoints to another configuration",
    ResourceReplacement: "replaced configurations and models",
    ComponentUpdate: "updates of inference components",
    PolicyUpdate: "updates of scaling policies",
    ResourceMove: "resources with another logical id",
    StaleName: "names in updated resources",
}

Content: TypeAlias = str | Mapping[str, Any]
"""Python code, or the JSON of a document."""


class ExampleKind(StrEnum):
    """Form of an example."""

    REQUEST = "request"
    """``CreateEndpointConfig`` request, or ``DescribeEndpointConfig`` response."""
    TEMPLATE = "template"
    """CloudFormation template."""
    CODE = "code"
    """Python code that uses ``stack``."""


_REMARKS: Final = ("finding", "python_fix", "region", "note", "old")


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Example(Record):
    """Good input of a rule and the change that makes it bad.

    Attributes:
        good: Input without findings.
        bad: The same input with one change, which violates this rule and no other.
        finding: The whole finding, as JSON.
        python_fix: Advice to Python code, where it has words of its own.
        region: Region of both, where the rule depends on it.
        note: Remark about both.
        old: Deployed template, for a rule about updates; the two inputs are then new templates.
    """

    good: Content
    bad: Content
    finding: Mapping[str, Any] = attrs.Factory(dict[str, Any])
    python_fix: str | None = None
    region: str | None = None
    note: str | None = None
    old: Content | None = None

    @property
    def kind(self) -> ExampleKind:
        """Return the form of both inputs."""
        if isinstance(self.bad, str):
            return ExampleKind.CODE
        return ExampleKind.TEMPLATE if "Resources" in self.bad else ExampleKind.REQUEST


def example_of(rule_id: str) -> Example | None:
    """Return the example of a rule of this library; ``None`` for any other id."""
    entry = _entries().get(rule_id)
    return _example(entry) if entry else None


@cache
def _entries() -> dict[str, dict[str, Any]]:
    """Return the entry of each rule, by its id."""
    return {
        rule_id: entry for entries in example_files().values() for rule_id, entry in entries.items()
    }


def example_files() -> dict[str, dict[str, Any]]:
    """Return the entries of each examples file by topic."""
    folder = resources.files("cdk_epc.rules").joinpath("examples")
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return {file.name.removesuffix(".json"): json.loads(file.read_bytes()) for file in files}


def _example(entry: Mapping[str, Any]) -> Example:
    good, change = entry["good"], entry["change"]
    about = {name: entry[name] for name in _REMARKS if name in entry}
    if is_list(good):
        text = _code(good)
        return Example(
            good=text,
            bad=text.replace(_code(change["replace"]), _code(change["with"]), 1),
            **about,
        )
    return Example(good=good, bad=changed(good, change), **about)


def _code(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def changed(document: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of a document with one change.

    Args:
        document: JSON document.
        change: The path ``at`` of the change, such as ``ProductionVariants[0].ModelName``, with
            the new ``value``, or with ``remove``.
    """
    result: Any = copy.deepcopy(dict(document))
    *steps, last = [int(index) if index else name for name, index in _STEP.findall(change["at"])]
    parent = result
    for step in steps:
        parent = parent[step]
    if change.get("remove"):
        del parent[last]
    elif last == len(parent):  # an index of a list
        parent.append(change["value"])
    else:
        parent[last] = change["value"]
    return dict(result)


def written(content: Content) -> str:
    """Return an input as text: Python unchanged, JSON with short objects on one line."""
    return content.rstrip("\n") if isinstance(content, str) else json_text(content)


def subject_of(diagnostic: Diagnostic) -> str:
    """Return the subjects of a rule, as a phrase."""
    if isinstance(diagnostic, Rule):
        phrase = ", ".join(_SUBJECTS[each] for each in diagnostic.about)
        phrase = phrase[0].upper() + phrase[1:]
        return f"{phrase}, in CloudFormation templates only" if diagnostic.of_templates else phrase
    if isinstance(diagnostic, InputError):
        if diagnostic.of_templates:
            return "Templates as a whole"
        is_acknowledgement = diagnostic.id.startswith("acknowledgement-")
        return "Acknowledgements" if is_acknowledgement else "Endpoint configurations"
    return "Method calls on constructs"


def explain(diagnostic: Diagnostic) -> str:
    """Return the explanation of a rule, for a terminal of 80 columns."""
    example = example_of(diagnostic.id)
    return "\n\n".join(
        [
            f"{diagnostic.severity} {diagnostic.id}\n{_wrapped(diagnostic.title)}",
            _titled("Applies to", f"{subject_of(diagnostic)}."),
            _titled("Why", diagnostic.why),
            *([_titled("Fix", diagnostic.fix)] if diagnostic.fix else []),
            *(_examples(example) if example else []),
            _titled("Evidence", EVIDENCE[diagnostic.evidence]),
            *([_titled("Source", diagnostic.source_url)] if diagnostic.source_url else []),
            _titled("Since", diagnostic.since),
        ]
    )


def _examples(example: Example) -> Iterator[str]:
    where = f" (in {example.region})" if example.region else ""
    if example.old is not None:
        yield f"Deployed\n{textwrap.indent(written(example.old), _INDENT)}"
    yield f"Bad{where}\n{textwrap.indent(written(example.bad), _INDENT)}"
    if example.finding:
        yield _titled("Finding", f"{example.finding['message']}. {example.finding['fix']}")
    yield f"Good{where}\n{textwrap.indent(written(example.good), _INDENT)}"
    if example.note:
        yield _titled("Note", example.note)


def _titled(title: str, text: str) -> str:
    return f"{title}\n{textwrap.indent(_wrapped(text, len(_INDENT)), _INDENT)}"


def _wrapped(text: str, taken: int = 0) -> str:
    return textwrap.fill(text, _WIDTH - taken, break_long_words=False, break_on_hyphens=False)


def json_text(value: Any, width: int = _WIDTH - len(_INDENT)) -> str:  # noqa: ANN401 - JSON
    """Return JSON in which each value that fits is on one line."""
    return _json(value, width, 0, 0)


def _json(value: Any, width: int, indent: int, before: int) -> str:  # noqa: ANN401 - JSON
    """Return the text of a value.

    Args:
        value: JSON value.
        width: Columns of a line.
        indent: Columns before the line on which the value begins.
        before: Columns before the value on that line.
    """
    line = json.dumps(value, ensure_ascii=False)
    if indent + before + len(line) < width:
        return line
    inner = indent + 2
    if is_mapping(value):
        keys = {name: f"{json.dumps(name)}: " for name in value}
        lines = [key + _json(value[name], width, inner, len(key)) for name, key in keys.items()]
    elif is_list(value):
        lines = [_json(item, width, inner, 0) for item in value]
    else:
        return line
    opening, closing = "{}" if is_mapping(value) else "[]"
    body = ",\n".join(" " * inner + each for each in lines)
    return f"{opening}\n{body}\n{' ' * indent}{closing}"

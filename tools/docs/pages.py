"""Markdown of the index of rules and of the page of one rule."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

from cdk_epc.rules import CallError, Diagnostic, Severity
from cdk_epc.rules.explain import (
    EVIDENCE,
    Content,
    Example,
    ExampleKind,
    example_of,
    subject_of,
    written,
)
from cdk_epc.rules.registry import pack_of
from tools.docs.markdown import anchor, generated_by
from tools.docs.topics import Topic, guide_title

# Not `python`, because test_examples.py runs blocks of Python and expects them to succeed.
_PYTHON: Final = "py"
_INTRODUCTION: Final = """\
An error is documented as a must, or SageMaker or CloudFormation was seen to refuse it. Everything
less certain is a warning. Ids are part of the public API and are never reused. `cdk-epc explain ID`
shows a rule with its reason, its fix and an example.
"""
_NOT_BUILT: Final = "The documentation site, which `make docs` builds, has a page for each rule.\n"
_TABLE: Final = "| Rule | Severity | Evidence | Requirement |\n|---|---|---|---|\n"
_FACTS: Final = "| Severity | Applies to | Since |\n|---|---|---|\n"
_OF_UPDATES: Final = "`cdk-epc diff OLD NEW` applies the rules; see {guide}."
_GUIDE: Final = "[Changing an endpoint](changing.md)"
_REASON: Final = "why it may stay"
_NAMES: Final = {"security": "SECURITY_CONTROLS", "pedantic": "PEDANTIC_RULES"}
"""Public name of each pack."""


def index_page(topics: Iterable[Topic], *, has_pages: bool = False) -> str:
    """Return the index of all rules by topic.

    Args:
        topics: Topics in the order of the page.
        has_pages: Whether the pages of the rules are in the same folder.
    """
    every = list(topics)
    rules = [
        rule
        for topic in every
        for rule in topic.rules
        if topic.pack is None and not topic.is_of_updates
    ]
    errors = sum(rule.severity is Severity.ERROR for rule in rules)
    parts = [
        f"{generated_by('pages' if has_pages else 'docs')}\n# Rules\n",
        f"{errors} errors and {len(rules) - errors} warnings.\n",
        _INTRODUCTION + ("" if has_pages else _NOT_BUILT),
        "".join(f"- [{topic.title}](#{anchor(topic.title)})\n" for topic in every),
        *(_section(topic, has_pages=has_pages) for topic in every),
    ]
    return "\n".join(parts)


def _section(topic: Topic, *, has_pages: bool) -> str:
    rows = "".join(
        f"| {_name(rule, has_pages=has_pages)} | {rule.severity} | {_evidence(rule)} "
        f"| {_prose(rule.title)} |\n"
        for rule in topic.rules
    )
    summary = _prose(topic.summary) + (f"\n{_switching_on(topic.pack)}" if topic.pack else "")
    if topic.is_of_updates:
        summary += f"\n{_OF_UPDATES.format(guide='`docs/changing.md`' if has_pages else _GUIDE)}"
    return f"## {topic.title}\n\n{summary}\n\n{_TABLE}{rows}"


def _name(rule: Diagnostic, *, has_pages: bool) -> str:
    return f"[{rule.id}]({rule.id}.md)" if has_pages else f"`{rule.id}`"


def _evidence(rule: Diagnostic) -> str:
    return f"[{rule.evidence}]({rule.source_url})" if rule.source_url else str(rule.evidence)


def _switching_on(pack: str) -> str:
    """Return how to apply the rules of a pack."""
    return (
        f"The rules are in the pack `{pack}`, which is off by default. Switch it on with "
        f"`--pack {pack}` on the command line, or with `rules=cdk_epc.{_NAMES[pack]}` for a "
        "construct, the validator or a check."
    )


def rule_page(rule: Diagnostic, topic: Topic | None = None) -> str:
    """Return the page of one rule.

    Args:
        rule: Rule or error.
        topic: Its topic, for links to the other rules and to the guide.
    """
    example = example_of(rule.id)
    parts = [
        f"{generated_by('pages')}\n# {rule.id}\n",
        f"{_prose(rule.title)}.\n",
        f"{_FACTS}| {rule.severity} | {subject_of(rule)} | {rule.since} |\n",
        f"## Why\n\n{_prose(rule.why)}\n",
        f"## Fix\n\n{_prose(rule.fix)}\n",
        *([f"## Switching it on\n\n{_switching_on(pack)}\n"] if (pack := pack_of(rule)) else []),
        *(_example(example, rule) if example else ()),
        *_acknowledging(rule, example),
        f"## Evidence\n\n{_prose(EVIDENCE[rule.evidence])}\n",
        *([f"Source: <{rule.source_url}>\n"] if rule.source_url else []),
        *(_links(topic) if topic else ()),
        "[All rules](../rules.md)\n",
    ]
    return "\n".join(parts)


def _links(topic: Topic) -> Iterator[str]:
    yield f"## See also\n\n- Guide: [{guide_title(topic.guide)}](../{topic.guide}.md)"
    yield f"- Rules of the topic [{topic.title}](../rules.md#{anchor(topic.title)})\n"


def _example(example: Example, rule: Diagnostic) -> Iterator[str]:
    region = f", in {example.region}" if example.region else ""
    yield "## Example\n"
    if example.old is not None:
        yield f"Deployed{region}:\n\n{_block(example.old)}"
    yield f"Bad{region}:\n\n{_block(example.bad)}"
    yield f"Finding:\n\n```text\n{_finding(example, rule)}\n```\n"
    yield f"Good{region}:\n\n{_block(example.good)}"
    if example.note:
        yield f"{_prose(example.note)}\n"


def _block(content: Content) -> str:
    language = _PYTHON if isinstance(content, str) else "json"
    return f"```{language}\n{written(content)}\n```\n"


def _finding(example: Example, rule: Diagnostic) -> str:
    finding = example.finding
    return f"{rule.severity} {rule.id}: {finding['message']}\n    fix: {finding['fix']}"


def _acknowledging(rule: Diagnostic, example: Example | None) -> Iterator[str]:
    # A call error cannot be acknowledged, and neither can a finding without a resource.
    if (
        isinstance(rule, CallError)
        or rule.id.startswith("acknowledgement-")
        or (example is not None and example.kind is ExampleKind.CODE)
    ):
        return
    yield (
        "## Acknowledging it\n\nAn acknowledgement requires a reason, which every report shows. In "
        f"an app, acknowledge the finding on the construct or on one of its scopes:\n\n```{_PYTHON}"
        f'\nfrom cdk_epc import acknowledge\n\nacknowledge(construct, "{rule.id}", '
        f'reason="{_REASON}")\n```\n'
    )
    metadata = json.dumps({"cdk-epc": {"acknowledge": {rule.id: _REASON}}})
    code = f'```json\n"Metadata": {metadata}\n```\n'
    yield f"In a template, acknowledge it in the resource:\n\n{code}"


def _prose(text: str) -> str:
    """Return text without Markdown's markup, except code between backticks."""
    parts = text.split("`")
    parts[::2] = [
        part.replace("<", "&lt;").replace("*", r"\*").replace("|", r"\|") for part in parts[::2]
    ]
    return "`".join(parts)

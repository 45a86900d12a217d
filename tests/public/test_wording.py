"""Wording of names, docstrings, comments, rules and findings; CONTRIBUTING.md has the glossary."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import cdk_epc
from cdk_epc import Severity
from cdk_epc.rules.explain import example_files
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from cdk_epc.rules.update_registry import UPDATE_RULES

ROOT = Path(cdk_epc.__file__).parent
RULES = (*DIAGNOSTICS, *PACKED, *UPDATE_RULES)

# Words without an actor or a noun of AWS, CDK or Python, each with a plain word in the glossary.
WORDS = re.compile(
    r"\b(nobody|somebody|someone|whoever|whom|whatever|one's own|in sight|mend(?:s|ed)?|told|tells"
    r"|anew|greatest|brings? along|stands? (?:around|beside)|breach(?:es|ed)?|judg(?:es?|ed|ing)"
    r"|neighbou?rs?|answer(?:s|ed|ing)?|surroundings|strays?|had better|is asked for|hears? of"
    r"|allowed: nothing)\b",
    re.IGNORECASE,
)
NAMES = frozenset(
    [
        "answer",
        "answers",
        "breach",
        "breaches",
        "draft",
        "drafted",
        "fault",
        "faults",
        "greatest",
        "inplace",
        "judge",
        "judging",
        "least",
        "lowering",
        "mend",
        "mends",
        "neighbor",
        "neighbors",
        "neighbour",
        "neighbours",
        "nobody",
        "somebody",
        "stray",
        "strays",
        "surroundings",
        "tell",
        "tells",
        "timetable",
        "told",
        "waking",
        "watched",
        "whom",
    ]
)
# AWS's own name of a routing strategy.
AWS_NAMES = frozenset({"least_outstanding_requests", "LEAST_OUTSTANDING_REQUESTS"})
# Tasks of Hugging Face's models.
TASK = re.compile(r"[a-z-]+-answering")
RELATIVE = re.compile(r"\b(what|whatever|whoever|whom)\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.:;])\s+|\n\s*\n|\n(?=\s*\w+:)")
IDENTIFIER_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def sources() -> Iterator[tuple[str, str, ast.Module]]:
    """Yield the path, the text and the tree of each module."""
    for file in sorted(ROOT.rglob("*.py")):
        text = file.read_text("utf-8")
        yield str(file.relative_to(ROOT)), text, ast.parse(text)


def docstrings() -> Iterator[tuple[str, str]]:
    for path, _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                text = ast.get_docstring(node)
                if text:
                    yield f"{path}:{getattr(node, 'lineno', 1)}", text


def strings_and_comments() -> Iterator[tuple[str, str]]:
    for path, text, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{path}:{node.lineno}", node.value
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield f"{path}:{token.start[0]}", token.string


def rule_texts() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        for name in ("title", "why", "fix"):
            yield f"{rule.id}: {name}", getattr(rule, name)


def findings(name: str) -> Iterator[tuple[str, str]]:
    """Yield one member of the finding of each example."""
    for entries in example_files().values():
        for rule_id, entry in entries.items():
            yield f"{rule_id}: {name} of the example", entry["finding"][name]


def identifiers() -> Iterator[tuple[str, str]]:
    """Yield the names that the package gives: modules, classes, functions, arguments, variables."""
    for path, _, tree in sources():
        yield from ((path, part) for part in Path(path).with_suffix("").parts)
        for node in ast.walk(tree):
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                    yield f"{path}:{node.lineno}", name
                case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                    yield f"{path}:{node.lineno}", name
                case _:
                    pass


def test_texts_use_the_words_of_the_glossary() -> None:
    texts = (*strings_and_comments(), *rule_texts(), *findings("message"), *findings("fix"))
    assert len(texts) > 10_000
    assert [
        (place, found.group())
        for place, text in texts
        if not TASK.fullmatch(text) and (found := WORDS.search(text))
    ] == []


def test_names_use_the_words_of_the_glossary() -> None:
    every = [*identifiers()]
    assert len(every) > 5_000
    assert [
        (place, name)
        for place, name in every
        if name not in AWS_NAMES
        and ({word.lower() for word in IDENTIFIER_WORD.findall(name)} & NAMES or "InPlace" in name)
    ] == []


def test_sentences_of_docstrings_have_a_noun_instead_of_what() -> None:
    sentences = [
        (place, sentence)
        for place, text in docstrings()
        for part in SENTENCE_END.split(text)
        if re.search(r"[a-z]", sentence := " ".join(part.split()))
    ]
    relative = [(place, sentence) for place, sentence in sentences if RELATIVE.search(sentence)]
    assert len(relative) <= len(sentences) / 100, relative


def test_titles_say_must_or_should_by_severity() -> None:
    verbs = {Severity.ERROR: "must", Severity.WARNING: "should"}
    assert [
        (rule.id, rule.title)
        for rule in RULES
        if not re.search(rf"\b{verbs[rule.severity]}\b", rule.title) or rule.title.endswith(".")
    ] == []


def test_messages_are_one_plain_sentence() -> None:
    wrong = re.compile(
        r"allowed: |; must must|must be (?:be|not)\b|\bis is\b|\bTake\b|\s\s"
        r"|(?<!\))[.!?]$|[.!?] [A-Z]|`"
    )
    quoted = re.compile(r"'[^']*'")
    assert [
        (place, text)
        for place, text in findings("message")
        if not text.strip() or wrong.search(quoted.sub("''", text))
    ] == []


def test_fixes_and_reasons_are_sentences() -> None:
    texts = [*findings("fix"), *(each for each in rule_texts() if not each[0].endswith("title"))]
    assert [
        (place, text)
        for place, text in texts
        if not text.endswith((".", "?"))
        or not (text[0].isupper() or text[0] == "`")
        or re.search(r"\bTake\b|\s\s", text)
    ] == []

"""Explanation of a rule, as a terminal shows it."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from cdk_epc.rules import CallError, Diagnostic, Evidence, InputError, Rule, Severity
from cdk_epc.rules import explain as explanations
from cdk_epc.rules.explain import (
    EVIDENCE,
    Content,
    Example,
    ExampleKind,
    changed,
    example_of,
    explain,
    subject_of,
    written,
)
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from cdk_epc.rules.rule import rule
from cdk_epc.rules.update_registry import UPDATE_RULES
from cdk_epc.spec import EndpointSpec, ModelSpec
from cdk_epc.spec.context import ROOTS, ConfigContext, EndpointContext

EVERY = (*DIAGNOSTICS, *PACKED, *UPDATE_RULES)
BY_ID: dict[str, Diagnostic] = {each.id: each for each in EVERY}
OWN = rule(
    id="company-tags",
    title="A configuration should have tags",
    why="The team requires it.",
    severity=Severity.WARNING,
    since="3.0.0",
)(lambda _: ())


def test_the_explanation_of_a_rule() -> None:
    assert explain(BY_ID["serverless-memory-step"]) == (
        "error serverless-memory-step\n"
        "Serverless memory must be a multiple of 1024 MB\n"
        "\n"
        "Applies to\n"
        "  Endpoint configurations.\n"
        "\n"
        "Why\n"
        "  SageMaker offers six memory sizes; the schema only declares the minimum and\n"
        "  the maximum.\n"
        "\n"
        "Fix\n"
        "  Use 1024, 2048, 3072, 4096, 5120 or 6144 MB.\n"
        "\n"
        "Bad\n"
        "  {\n"
        '    "ProductionVariants": [\n'
        "      {\n"
        '        "VariantName": "main",\n'
        '        "ModelName": "fraud-7",\n'
        '        "ServerlessConfig": {"MemorySizeInMB": 2500, "MaxConcurrency": 20}\n'
        "      }\n"
        "    ]\n"
        "  }\n"
        "\n"
        "Finding\n"
        "  ProductionVariants[0].ServerlessConfig.MemorySizeInMB is 2500; must be 1024,\n"
        "  2048, 3072, 4096, 5120 or 6144 MB. Use 2048 or 3072 MB.\n"
        "\n"
        "Good\n"
        "  {\n"
        '    "ProductionVariants": [\n'
        "      {\n"
        '        "VariantName": "main",\n'
        '        "ModelName": "fraud-7",\n'
        '        "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 20}\n'
        "      }\n"
        "    ]\n"
        "  }\n"
        "\n"
        "Evidence\n"
        "  AWS's API reference, developer guide or published model says so.\n"
        "\n"
        "Source\n"
        "  https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
        "API_ProductionVariantServerlessConfig.html\n"
        "\n"
        "Since\n"
        "  0.1.0"
    )


def test_the_explanation_of_a_custom_rule() -> None:
    assert explain(OWN) == (
        "warning company-tags\n"
        "A configuration should have tags\n"
        "\n"
        "Applies to\n"
        "  Endpoint configurations.\n"
        "\n"
        "Why\n"
        "  The team requires it.\n"
        "\n"
        "Evidence\n"
        "  A rule of this library or of a team, not of SageMaker.\n"
        "\n"
        "Since\n"
        "  3.0.0"
    )


def test_python_is_shown_unchanged() -> None:
    explanation = explain(BY_ID["name-prefix-invalid"])
    assert "Applies to\n  Method calls on constructs.\n" in explanation
    assert (
        "Bad\n"
        "  from cdk_epc import EndpointConfig, InstanceType\n"
        "\n"
        '  config = EndpointConfig(stack, "Config", endpoint_config_name_prefix="fraud_")\n'
    ) in explanation


def test_a_note_follows_the_examples() -> None:
    assert (
        "\n"
        "Note\n"
        "  The finding comes only where the package jmespath is not installed; where it\n"
        "  is, the expression is checked and both are fine.\n"
    ) in explain(BY_ID["explainer-expression-unchecked"])


def test_a_title_of_the_width_of_the_terminal_stays_on_one_line() -> None:
    title = "A title" + " of words" * 8 + "."
    assert len(title) == 80
    assert explain(attrs.evolve(OWN, title=title)).splitlines()[1] == title


def test_every_explanation_is_complete() -> None:
    incomplete = []
    for each in EVERY:
        joined = " ".join(explain(each).split())
        parts = (each.id, each.title, each.why, each.fix, each.source_url or "", each.since)
        example = example_of(each.id)
        found = (example.finding["message"], example.finding["fix"]) if example else ()
        if not all(" ".join(part.split()) in joined for part in (*parts, *found)):
            incomplete.append(each.id)
        if EVIDENCE[each.evidence] not in joined:
            incomplete.append(each.id)
    assert incomplete == []


def test_every_explanation_fits_a_terminal() -> None:
    wide = [
        (each.id, line)
        for each in EVERY
        for line in explain(each).splitlines()
        if line != line.rstrip() or (len(line) > 100 and not line.strip().startswith("https://"))
    ]
    assert wide == []


def test_only_rules_of_the_library_have_an_example() -> None:
    assert example_of(OWN.id) is None
    assert example_of("../registry") is None


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ("config = 1", ExampleKind.CODE),
        ({"Resources": {}}, ExampleKind.TEMPLATE),
        ({"ProductionVariants": []}, ExampleKind.REQUEST),
    ],
)
def test_the_kind_of_an_example(bad: Content, kind: ExampleKind) -> None:
    assert Example(bad=bad, good=bad).kind is kind


def test_a_region_is_named_with_the_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    example = Example(bad={"Resources": {}}, good={"Resources": {}}, region="eu-west-1")
    monkeypatch.setattr(explanations, "example_of", lambda _: example)
    assert (
        "\n\nBad (in eu-west-1)\n"
        '  {"Resources": {}}\n'
        "\n"
        "Good (in eu-west-1)\n"
        '  {"Resources": {}}\n\n'
    ) in explain(OWN)


def input_error(id_: str, *, of_templates: bool = False) -> InputError:
    return InputError(id=id_, title="A title", why="Why.", of_templates=of_templates)


@pytest.mark.parametrize(
    ("diagnostic", "expected"),
    [
        (OWN, "Endpoint configurations"),
        (
            attrs.evolve(OWN, of_templates=True),
            "Endpoint configurations, in CloudFormation templates only",
        ),
        (attrs.evolve(OWN, about=(ModelSpec, EndpointSpec)), "Models, endpoints"),
        (
            attrs.evolve(OWN, about=(ConfigContext,)),
            "Endpoint configurations with their related resources",
        ),
        (attrs.evolve(OWN, about=(EndpointContext,)), "Endpoints with their related resources"),
        (CallError(id="call-wrong", title="A title", why="Why."), "Method calls on constructs"),
        (input_error("acknowledgement-lost"), "Acknowledgements"),
        (input_error("member-lost"), "Endpoint configurations"),
        (input_error("template-lost", of_templates=True), "Templates as a whole"),
    ],
)
def test_the_subject_of_a_diagnostic(diagnostic: Diagnostic, expected: str) -> None:
    assert subject_of(diagnostic) == expected


def test_every_subject_and_evidence_has_a_phrase() -> None:
    roots: Rule = attrs.evolve(OWN, about=tuple(ROOTS))
    assert subject_of(roots)
    assert set(EVIDENCE) == set(Evidence)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"at": "A", "value": 2}, {"A": 2, "B": [{"C": 1}]}),
        ({"at": "D", "value": 2}, {"A": 1, "B": [{"C": 1}], "D": 2}),
        ({"at": "A", "remove": True}, {"B": [{"C": 1}]}),
        ({"at": "B[0].C", "value": None}, {"A": 1, "B": [{"C": None}]}),
        ({"at": "B[1]", "value": 2}, {"A": 1, "B": [{"C": 1}, 2]}),
        ({"at": "B[0]", "remove": True}, {"A": 1, "B": []}),
    ],
)
def test_a_change_of_a_document(change: dict[str, Any], expected: dict[str, Any]) -> None:
    document = {"A": 1, "B": [{"C": 1}]}
    assert changed(document, change) == expected
    assert document == {"A": 1, "B": [{"C": 1}]}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a = 1\n\nb = 2\n", "a = 1\n\nb = 2"),
        ("a = X\n", "a = X"),
        ("a = 1 \n", "a = 1 "),
        ({}, "{}"),
        ({"a": None, "b": [1, True]}, '{"a": null, "b": [1, true]}'),
        ({"a": "é"}, '{"a": "é"}'),
        ({"k": "x" * 68}, '{"k": "' + "x" * 68 + '"}'),
        ({"k": "x" * 69}, '{\n  "k": "' + "x" * 69 + '"\n}'),
        ({"l": 1, "k": ["x" * 66]}, '{\n  "l": 1,\n  "k": ["' + "x" * 66 + '"]\n}'),
        ({"l": 1, "k": ["x" * 67]}, '{\n  "l": 1,\n  "k": [\n    "' + "x" * 67 + '"\n  ]\n}'),
        (
            {"k": ["x" * 40, ["y" * 40]]},
            '{\n  "k": [\n    "' + "x" * 40 + '",\n    ["' + "y" * 40 + '"]\n  ]\n}',
        ),
        ({"k": [["x" * 69]]}, '{\n  "k": [\n    ["' + "x" * 69 + '"]\n  ]\n}'),
    ],
)
def test_a_value_that_fits_is_on_one_line(content: Content, expected: str) -> None:
    assert written(content) == expected


def test_a_rule_about_updates_shows_the_deployed_template() -> None:
    lines = explain(BY_ID["endpoint-renamed"]).splitlines()
    assert [line for line in lines if line in {"Deployed", "Bad", "Good"}] == [
        "Deployed",
        "Bad",
        "Good",
    ]
    assert "  Updates of endpoints." in lines

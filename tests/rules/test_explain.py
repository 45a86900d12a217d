"""The story of a rule, as a terminal shows it."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from cdk_epc.rules import (
    RULES,
    Evidence,
    Rule,
    Severity,
)
from cdk_epc.rules import (
    explain as explaining,
)
from cdk_epc.rules.explain import (
    EVIDENCE,
    Content,
    Example,
    ExampleKind,
    example_of,
    explain,
    subject_of,
    written,
)
from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, ModelSpec
from cdk_epc.spec.context import ROOTS, ConfigContext, EndpointContext

BY_ID = {rule.id: rule for rule in RULES}
OWN = Rule(
    id="company-tags",
    title="A configuration has tags",
    why="The team says so.",
    check=lambda _: (),
    severity=Severity.WARNING,
    since="3.0.0",
)


def test_the_whole_story_of_a_rule() -> None:
    assert explain(BY_ID["serverless-memory-step"]) == (
        "error serverless-memory-step\n"
        "Serverless memory comes in steps of 1024 MB\n"
        "\n"
        "About\n"
        "    Endpoint configurations.\n"
        "\n"
        "Why\n"
        "    The service knows six sizes; the schema only knows the least and the\n"
        "    greatest.\n"
        "\n"
        "Mend\n"
        "    Take 1024, 2048, 3072, 4096, 5120 or 6144 MB.\n"
        "\n"
        "Bad\n"
        "    {\n"
        '      "ProductionVariants": [\n'
        "        {\n"
        '          "VariantName": "main",\n'
        '          "ModelName": "fraud-7",\n'
        '          "ServerlessConfig": {"MemorySizeInMB": 2500, "MaxConcurrency": 20}\n'
        "        }\n"
        "      ]\n"
        "    }\n"
        "\n"
        "Good\n"
        "    {\n"
        '      "ProductionVariants": [\n'
        "        {\n"
        '          "VariantName": "main",\n'
        '          "ModelName": "fraud-7",\n'
        '          "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 20}\n'
        "        }\n"
        "      ]\n"
        "    }\n"
        "\n"
        "Evidence\n"
        "    AWS's reference, guide or published model says so.\n"
        "\n"
        "Source\n"
        "    https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
        "API_ProductionVariantServerlessConfig.html\n"
        "\n"
        "Since\n"
        "    0.1.0"
    )


def test_the_story_of_a_rule_of_ones_own_is_what_it_says_of_itself() -> None:
    assert explain(OWN) == (
        "warning company-tags\n"
        "A configuration has tags\n"
        "\n"
        "About\n"
        "    Endpoint configurations.\n"
        "\n"
        "Why\n"
        "    The team says so.\n"
        "\n"
        "Evidence\n"
        "    No rule of SageMaker's, but of this library or of whoever wrote it.\n"
        "\n"
        "Since\n"
        "    3.0.0"
    )


def test_python_is_shown_as_it_is() -> None:
    story = explain(BY_ID["name-prefix-invalid"])
    assert ("About\n    Calls on the construct.\n") in story
    assert (
        "Bad\n"
        "    from cdk_epc import EndpointConfig, InstanceType\n"
        "\n"
        '    config = EndpointConfig(stack, "Config", endpoint_config_name_prefix="fraud_")\n'
    ) in story


def test_a_note_follows_the_examples() -> None:
    assert (
        "\n"
        "Note\n"
        "    The finding comes only where the package jmespath is not installed; where it\n"
        "    is, the expression is checked and both are fine.\n"
    ) in explain(BY_ID["explainer-expression-unchecked"])


def test_a_title_of_the_width_of_the_terminal_stays_on_one_line() -> None:
    title = "A title" + " of words" * 8 + "."
    assert len(title) == 80
    assert explain(attrs.evolve(OWN, title=title)).splitlines()[1] == title


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_story_fits_a_terminal_and_leaves_nothing_out(rule: Rule) -> None:
    story = explain(rule)
    joined = " ".join(story.split())
    for part in (rule.id, rule.title, rule.why, rule.fix, rule.source_url or "", rule.since):
        assert " ".join(part.split()) in joined
    assert EVIDENCE[rule.evidence] in joined
    for line in story.splitlines():
        assert len(line) <= 100 or line.strip().startswith("https://")
        assert line == line.rstrip()


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
def test_an_example_is_of_one_kind(bad: Content, kind: ExampleKind) -> None:
    assert Example(bad=bad, good=bad).kind is kind


def test_a_region_is_named_with_the_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    example = Example(bad={"Resources": {}}, good={"Resources": {}}, region="eu-west-1")
    monkeypatch.setattr(explaining, "example_of", lambda _: example)
    assert (
        "\n\nBad (in eu-west-1)\n"
        '    {"Resources": {}}\n'
        "\n"
        "Good (in eu-west-1)\n"
        '    {"Resources": {}}\n\n'
    ) in explain(OWN)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "Endpoint configurations"),
        ({"of_templates": True}, "Endpoint configurations, in CloudFormation templates only"),
        ({"about": ()}, "Acknowledgements"),
        ({"about": (), "of_templates": True}, "Templates as a whole"),
        ({"about": (ModelSpec, EndpointSpec)}, "Models, endpoints"),
        ({"about": (ConfigContext,)}, "Endpoint configurations with what stands around them"),
        ({"about": (EndpointContext,)}, "Endpoints with what stands around them"),
    ],
)
def test_a_subject_in_words(change: dict[str, Any], expected: str) -> None:
    assert subject_of(attrs.evolve(OWN, **change), None) == expected


def test_every_subject_has_words() -> None:
    assert subject_of(attrs.evolve(OWN, about=(EndpointConfigSpec, *ROOTS)), None)
    assert set(EVIDENCE) == set(Evidence)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a = 1\n\nb = 2\n", "a = 1\n\nb = 2"),
        ("a = X\n", "a = X"),
        ("a = 1 \n", "a = 1 "),
        ({}, "{}"),
        ({"a": None, "b": [1, True]}, '{"a": null, "b": [1, true]}'),
        ({"a": "é"}, '{"a": "é"}'),
        ({"k": "x" * 66}, '{"k": "' + "x" * 66 + '"}'),
        ({"k": "x" * 67}, '{\n  "k": "' + "x" * 67 + '"\n}'),
        ({"l": 1, "k": ["x" * 64]}, '{\n  "l": 1,\n  "k": ["' + "x" * 64 + '"]\n}'),
        ({"l": 1, "k": ["x" * 65]}, '{\n  "l": 1,\n  "k": [\n    "' + "x" * 65 + '"\n  ]\n}'),
        (
            {"k": ["x" * 40, ["y" * 40]]},
            '{\n  "k": [\n    "' + "x" * 40 + '",\n    ["' + "y" * 40 + '"]\n  ]\n}',
        ),
        ({"k": [["x" * 67]]}, '{\n  "k": [\n    ["' + "x" * 67 + '"]\n  ]\n}'),
    ],
)
def test_what_fits_stands_on_one_line(content: Content, expected: str) -> None:
    assert written(content) == expected

"""Templates of one app that refer to each other: exports, names and nested stacks."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import CONFIG

from cdk_epc.rules import Finding
from cdk_epc.rules.pedantic import PEDANTIC_RULES
from cdk_epc.spec.unresolved import Reference, Unresolved
from cdk_epc.templates import TemplateInput, review_app
from cdk_epc.templates.app import App
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.scenarios import Evaluation

STACK, MODEL = "AWS::CloudFormation::Stack", "AWS::SageMaker::Model"
IMPORT = {"Fn::ImportValue": "shared"}
VARIANT: dict[str, Any] = {"VariantName": "main", "ModelName": "m"}


def serverless(memory: Any, model: Any = "m") -> dict[str, Any]:
    settings = {"MemorySizeInMB": memory, "MaxConcurrency": 5}
    variant = {"VariantName": "main", "ModelName": model, "ServerlessConfig": settings}
    return {"Config": {"Type": CONFIG, "Properties": {"ProductionVariants": [variant]}}}


def multi_model(**more: Any) -> dict[str, Any]:
    """Return a model that a serverless variant cannot have."""
    container = {"Image": "i", "Mode": "MultiModel"}
    role = "arn:aws:iam::111122223333:role/r"
    properties = {"PrimaryContainer": container, "ExecutionRoleArn": role, **more}
    return {"Model": {"Type": MODEL, "Properties": properties}}


def exporting(value: Any, name: Any = "shared", **more: Any) -> dict[str, Any]:
    return {"Out": {"Value": value, "Export": {"Name": name}, **more}}


def findings_of(*templates: TemplateInput) -> list[list[tuple[str, str]]]:
    """Return the rule and the scenario of each finding about serverless variants."""
    return [
        [
            (each.rule_id, suffix(each))
            for each in report.findings
            if "serverless" in each.rule_id or each.rule_id == DEFAULT
        ]
        for report in review_app(templates, rules=PEDANTIC_RULES)
    ]


def suffix(finding: Finding) -> str:
    """Return the end of a message that states the scenario."""
    _, separator, where = finding.message.partition(" (where ")
    return f"{separator}{where}"


def importing(memory: Any = IMPORT, **more: Any) -> TemplateInput:
    return TemplateInput(template={"Resources": serverless(memory)}, name="importing", **more)


def exporter(value: Any = 1500, name: str = "exporter", **more: Any) -> TemplateInput:
    sections = {"Outputs": exporting(value)}
    return TemplateInput(template=sections, name=name, **more)


MEMORY = "serverless-memory-step"
DEFAULT = "parameter-default-invalid"
FEATURES = "serverless-with-model-feature"


def test_export() -> None:
    assert findings_of(importing(), exporter()) == [[(MEMORY, "")], []]


def test_export_of_a_parameter() -> None:
    template = {
        "Parameters": {"P": {"Type": "Number", "AllowedValues": [1500, 2048]}},
        "Outputs": exporting({"Ref": "P"}),
    }
    found = findings_of(importing(), TemplateInput(template=template, name="exporter"))
    assert found == [[(MEMORY, " (where parameter P of exporter is 1500)")], []]


def test_export_in_a_branch() -> None:
    template = {
        "Conditions": {"Is": {"Fn::Equals": [{"Ref": "AWS::Region"}, "a"]}},
        "Outputs": exporting({"Fn::If": ["Is", 1500, 2048]}),
    }
    found = findings_of(importing(), TemplateInput(template=template, name="exporter"))
    assert found == [[(MEMORY, " (where Is of exporter is true)")], []]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"region": "a"}, {"region": "a"}),
        ({"region": "a"}, {}),
        ({}, {"account": "1"}),
        ({"region": "a", "account": "1"}, {"account": "1"}),
    ],
)
def test_export_that_may_have_the_same_region(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert findings_of(importing(**one), exporter(**other)) == [[(MEMORY, "")], []]


READ = {"StackName": "Models", "OutputName": "Out"}


def producer(value: Any = 1500, **more: Any) -> TemplateInput:
    """Return a template with an output that is no export."""
    sections = {"Outputs": {"Out": {"Value": value}}}
    return TemplateInput(**{"template": sections, "name": "p", "stack_name": "Models", **more})


@pytest.mark.parametrize(
    ("reads", "one", "other", "is_found"),
    [
        ({}, {}, {}, True),
        ({"Region": {"Ref": "AWS::Region"}}, {"region": "a"}, {"region": "a"}, True),
        ({"Region": "b", "RoleArn": "arn"}, {"region": "a"}, {"region": "b"}, True),
        ({"Region": "b"}, {"region": "a"}, {}, True),
        ({}, {"region": "a"}, {"region": "b"}, False),
        ({"Region": "b"}, {"region": "a"}, {"region": "a"}, False),
        ({"StackName": "Other"}, {}, {}, False),
        ({"OutputName": "Other"}, {}, {}, False),
        ({"OutputName": {"Ref": "P"}}, {}, {}, False),
        ({}, {}, {"stack_name": None}, False),
        ({}, {}, {"template": {"Outputs": {"Out": {"Value": 1500, "Condition": "Is"}}}}, False),
        ({}, {}, {"template": {"Outputs": {"Out": {}}}}, False),
        ({}, {}, {"template": {"Outputs": []}}, False),
    ],
)
def test_weak_references(
    reads: dict[str, Any], one: dict[str, Any], other: dict[str, Any], *, is_found: bool
) -> None:
    reading = importing({"Fn::GetStackOutput": {**READ, **reads}}, **one)
    found = [[(MEMORY, "")]] if is_found else [[]]
    assert findings_of(reading, producer(**other)) == [*found, []]
    # Of two stacks with the name, none is known to be the one.
    again = producer(**other | {"name": "q"})
    assert findings_of(reading, producer(**other), again) == [[], [], []]


def test_weak_references_in_other_forms() -> None:
    for argument in ("Models.Out", [READ], {"Ref": "P"}, {}):
        assert findings_of(importing({"Fn::GetStackOutput": argument}), producer()) == [[], []]
    circular = producer({"Fn::GetStackOutput": READ})
    assert findings_of(importing({"Fn::GetStackOutput": READ}), circular) == [[], []]


CONFIG_OF_MODEL = {
    "Config": {
        "Type": CONFIG,
        "Properties": {
            "ProductionVariants": [
                {
                    "VariantName": "main",
                    "ModelName": {"Fn::GetStackOutput": READ},
                    "InstanceType": "ml.m5.large",
                    "InitialInstanceCount": 1,
                }
            ]
        },
    }
}


@pytest.mark.parametrize("policy", [None, "Delete", "Retain"])
def test_weak_reference_to_a_model(policy: str | None) -> None:
    model = multi_model()
    if policy is not None:
        model["Model"]["UpdateReplacePolicy"] = policy
    value = {"Fn::GetAtt": ["Model", "ModelName"]}
    other = {"Resources": model, "Outputs": {"Out": {"Value": value}}}
    config = TemplateInput(template={"Resources": CONFIG_OF_MODEL}, name="c")
    (report, _) = review_app([config, producer(template=other)])
    found = [each.message for each in report.findings if each.rule_id == "model-imported"]
    assert ["this weak reference" in each for each in found] == [True] * (policy != "Retain")
    # The template alone shows that the reference is weak.
    (report,) = review_app([config])
    assert [each.rule_id for each in report.findings] == ["model-imported"]


def test_two_exports() -> None:
    variants = [
        *serverless(IMPORT)["Config"]["Properties"]["ProductionVariants"],
        *serverless({"Fn::ImportValue": "other"})["Config"]["Properties"]["ProductionVariants"],
    ]
    template = {
        "Resources": {"C": {"Type": CONFIG, "Properties": {"ProductionVariants": variants}}}
    }
    outputs = exporting(2048) | {"B": {"Value": 1500, "Export": {"Name": "other"}}}
    (report, _) = review_app(
        [
            TemplateInput(template=template, name="importing"),
            TemplateInput(template={"Outputs": outputs}, name="exporter"),
        ]
    )
    assert [each.path for each in report.findings if each.rule_id == MEMORY] == [
        "ProductionVariants[1].ServerlessConfig.MemorySizeInMB"
    ]


@pytest.mark.parametrize(
    "value", [{"Ref": "P"}, ["a"], {"Ref": "AWS::NoValue"}, {"Fn::ImportValue": "shared"}]
)
def test_unresolved_imports_have_their_expression(value: Any) -> None:
    outer = TemplateInput(
        template={"Outputs": exporting(value), "Parameters": {"P": {"Type": "String"}}}, name="b"
    )
    app = App.of([TemplateInput(template={}, name="a"), outer])
    found = Evaluation(scenario_of(app), app.templates[0]).evaluate(IMPORT)
    assert isinstance(found, Unresolved)
    assert (found.expression, found.refers_to) == (IMPORT, None)


def test_imported_references_have_their_template() -> None:
    outer = TemplateInput(
        template={"Resources": multi_model(), "Outputs": exporting({"Ref": "Model"})}, name="b"
    )
    second = TemplateInput(
        template={"Outputs": exporting({"Fn::ImportValue": "shared"}, "again")}, name="c"
    )
    app = App.of([TemplateInput(template={}, name="a"), outer, second])
    for name in ("shared", "again"):
        found = Evaluation(scenario_of(app), app.templates[0]).evaluate({"Fn::ImportValue": name})
        assert found.refers_to == Reference(MODEL, "Model", template="b")


@pytest.mark.parametrize(
    "templates",
    [
        [importing()],
        [importing(), exporter(), exporter(name="other")],
        [importing(region="a"), exporter(region="b")],
        [importing(account="1"), exporter(account="2")],
        [importing({"Fn::ImportValue": {"Ref": "AWS::StackName"}}), exporter()],
        [importing(), exporter({"Fn::ImportValue": "shared"})],
        [
            importing(),
            TemplateInput(template={"Outputs": exporting(1500, Condition="Is")}, name="e"),
        ],
        [
            importing(),
            TemplateInput(template={"Outputs": exporting(1500, {"Ref": "x"})}, name="e"),
        ],
        [importing(), TemplateInput(template={"Outputs": {"Out": 1, "B": {"Export": 1}}})],
    ],
)
def test_missing_and_ambiguous_exports(templates: list[TemplateInput]) -> None:
    assert findings_of(*templates) == [[] for _ in templates]


@pytest.mark.parametrize("value", [{"Ref": "Model"}, {"Fn::GetAtt": ["Model", "ModelName"]}])
def test_model_through_an_export(value: Any) -> None:
    template = {"Resources": multi_model(), "Outputs": exporting(value)}
    resources = serverless(2048, IMPORT)
    found = findings_of(
        TemplateInput(template={"Resources": resources}, name="importing"),
        TemplateInput(template=template, name="exporting"),
    )
    assert found == [[(FEATURES, "")], []]


def test_model_by_name_in_another_template() -> None:
    model = TemplateInput(template={"Resources": multi_model(ModelName="m")}, name="b")
    config = TemplateInput(template={"Resources": serverless(2048)}, name="a")
    assert findings_of(config, model) == [[(FEATURES, "")], []]


def test_model_by_name_in_another_region() -> None:
    model = TemplateInput(template={"Resources": multi_model(ModelName="m")}, name="b", region="b")
    config = TemplateInput(template={"Resources": serverless(2048)}, name="a", region="a")
    assert findings_of(config, model) == [[], []]


def test_model_by_name_in_the_same_template_comes_first() -> None:
    other = {"Other": {"Type": MODEL, "Properties": {"ModelName": "m"}}}
    ours = {**multi_model(ModelName="m"), **serverless(2048)}
    config = TemplateInput(template={"Resources": ours}, name="a")
    model = TemplateInput(template={"Resources": other}, name="b")
    assert findings_of(config, model) == [[(FEATURES, "")], []]
    theirs = TemplateInput(template={"Resources": multi_model(ModelName="m")}, name="b")
    config = TemplateInput(template={"Resources": {**other, **serverless(2048)}}, name="a")
    assert findings_of(config, theirs) == [[], []]


def child(resources: dict[str, Any], name: str = "child", **declared: Any) -> TemplateInput:
    template = {"Parameters": {"P": {"Type": "String", **declared}}, "Resources": resources}
    return TemplateInput(template=template, name=name)


def parent(properties: Any, resources: Any = None, **more: Any) -> TemplateInput:
    stack = {"Type": STACK, "Properties": properties, **more.pop("attributes", {})}
    template = {
        "Resources": {"Nested": stack, **(resources or {})},
        "Parameters": {
            "Env": {"Type": "String", "Default": "dev"},
            "Size": {"Type": "String", "AllowedValues": ["1500", "2048"]},
        },
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
    }
    return TemplateInput(template=template, name="parent", nested={"Nested": "child"}, **more)


def given(value: Any) -> dict[str, Any]:
    return {"Parameters": {"P": value}}


REF = serverless({"Ref": "P"})
NESTED: list[tuple[str, TemplateInput, TemplateInput, list[tuple[str, str]]]] = [
    ("literal", parent(given("1500")), child(REF, Default="2048"), [(MEMORY, "")]),
    (
        "parameter",
        parent(given({"Ref": "Size"})),
        child(REF),
        [(MEMORY, " (where parameter Size of parent is 1500)")],
    ),
    ("default", parent({}), child(REF, Default="1500"), [(DEFAULT, "")]),
    ("argument instead of the default", parent(given("2048")), child(REF, Default="1500"), []),
    (
        "default without an argument",
        parent(given({"Ref": "AWS::NoValue"})),
        child(REF, Default="1500"),
        [(MEMORY, " (where parameter P is 1500)")],
    ),
    ("unknown", parent(given({"Ref": "Missing"})), child(REF, Default="1500"), []),
    ("unknown arguments", parent({"Parameters": {"Ref": "x"}}), child(REF, Default="1500"), []),
    ("unknown properties", parent({"Ref": "x"}), child(REF, Default="1500"), []),
    (
        "stack with a condition that is not declared",
        parent(given("1500"), attributes={"Condition": "Missing"}),
        child(REF),
        [(MEMORY, "")],
    ),
    (
        "model",
        parent(given({"Fn::GetAtt": ["Model", "ModelName"]}), multi_model()),
        child(serverless(2048, {"Ref": "P"})),
        [(FEATURES, "")],
    ),
    (
        "branch of the parent",
        parent(given({"Fn::If": ["IsProd", "1500", "2048"]})),
        child(REF),
        [(MEMORY, " (where IsProd of parent is true)")],
    ),
]


@pytest.mark.parametrize(
    ("outer", "inner", "findings"), [row[1:] for row in NESTED], ids=[row[0] for row in NESTED]
)
def test_nested(
    outer: TemplateInput, inner: TemplateInput, findings: list[tuple[str, str]]
) -> None:
    assert findings_of(outer, inner) == [[], findings]
    assert findings_of(inner, outer) == [findings, []]


def test_nested_stack_that_is_not_deployed() -> None:
    never = {"Fn::And": [{"Condition": "IsProd"}, {"Fn::Not": [{"Condition": "IsProd"}]}]}
    outer = parent(given("1500"), attributes={"Condition": "Never"})
    outer.template["Conditions"]["Never"] = never
    assert findings_of(outer, child(REF)) == [[], []]


def test_conditions_of_child_and_parent_agree() -> None:
    """Both compare the same parameter, so they have the same value."""
    resources = serverless({"Fn::If": ["IsProd", {"Ref": "P"}, "2048"]})
    inner = child(resources)
    inner.template["Parameters"]["Env"] = {"Type": "String"}
    inner.template["Conditions"] = {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}
    memory = {"Fn::If": ["IsProd", "2048", "1500"]}
    outer = parent({"Parameters": {"P": memory, "Env": {"Ref": "Env"}}})
    assert findings_of(outer, inner) == [[], []]


def test_comparisons_of_the_child_only() -> None:
    resources = serverless({"Fn::If": ["IsA", {"Fn::If": ["IsB", "1500", "2048"]}, "2048"]})
    inner = child(resources)
    inner.template["Conditions"] = {
        "IsA": {"Fn::Equals": [{"Ref": "P"}, "a"]},
        "IsB": {"Fn::Equals": [{"Ref": "P"}, "b"]},
    }
    assert findings_of(parent(given({"Ref": "Env"})), inner) == [[], []]
    assert findings_of(parent(given({"Ref": "AWS::StackName"})), inner) == [[], []]


def test_template_nested_twice() -> None:
    outer = parent(given("2048"), {"Again": {"Type": STACK, "Properties": given("1500")}})
    given_ = TemplateInput(
        template=outer.template, name="parent", nested={"Nested": "child", "Again": "child"}
    )
    assert [[rule for rule, _ in each] for each in findings_of(given_, child(REF))] == [
        [],
        [MEMORY],
    ]


@pytest.mark.parametrize("condition", ["Never", "Always"])
def test_nested_stack_in_a_nested_stack(condition: str) -> None:
    """A nested stack is deployed if its parents are."""
    stack = {"Type": STACK, "Properties": {}, "Condition": condition}
    equal = {"Never": {"Fn::Equals": ["a", "b"]}, "Always": {"Fn::Equals": ["a", "a"]}}
    outer = {"Resources": {"Nested": stack}, "Conditions": equal}
    middle = {"Resources": {"Nested": {"Type": STACK, "Properties": {}}}}
    found = findings_of(
        TemplateInput(template=outer, name="outer", nested={"Nested": "middle"}),
        TemplateInput(template=middle, name="middle", nested={"Nested": "inner"}),
        TemplateInput(template={"Resources": serverless(1500)}, name="inner"),
    )
    assert found == [[], [], [] if condition == "Never" else [(MEMORY, "")]]


def test_templates_nested_in_each_other() -> None:
    resources = {**serverless(1500), "Nested": {"Type": STACK, "Properties": {}}}
    found = findings_of(
        TemplateInput(template={"Resources": resources}, name="a", nested={"Nested": "b"}),
        TemplateInput(template={"Resources": resources}, name="b", nested={"Nested": "a"}),
    )
    assert found == [[(MEMORY, "")], [(MEMORY, "")]]


def test_template_nested_in_itself() -> None:
    resources = {**REF, "Nested": {"Type": STACK, "Properties": given({"Ref": "P"})}}
    template = {"Parameters": {"P": {"Type": "String"}}, "Resources": resources}
    given_ = TemplateInput(template=template, name="child", nested={"Nested": "child"})
    assert findings_of(given_) == [[]]


def test_region_of_a_nested_stack() -> None:
    outer = parent({}, region="cn-north-1")
    found = findings_of(outer, child(serverless(2048)))
    assert found == [[], [("serverless-region-not-listed", "")]]

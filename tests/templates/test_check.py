"""Findings of a template: messages, positions and scenarios."""

from __future__ import annotations

import copy
from typing import Any

import attrs
import pytest
from kit.templates import CONFIG, NO_VALUE, template_of

from cdk_epc.rules import Finding, Profile, Rule, Severity, Violation
from cdk_epc.rules.pedantic import PEDANTIC_RULES
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.templates import check_template, review_template

VARIANT: dict[str, Any] = {"VariantName": "main", "ModelName": "fraud"}
SERVERLESS = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
TYPE = {**VARIANT, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
TRAFFIC = {"MaxInvocationsPerSecondPerInstance": 1, "MaxCrossRegionPercentPerEndpoint": 10}
PROPERTIES = ("Resources", "Config", "Properties")
FIRST = (*PROPERTIES, "ProductionVariants", 0)
MEMORY_URL = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_ProductionVariantServerlessConfig.html"
)
ENV: dict[str, Any] = {"Env": {"Type": "String", "Default": "dev"}}
CONDITIONS: dict[str, Any] = {
    "IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
    "IsTest": {"Fn::Equals": [{"Ref": "Env"}, "test"]},
    "IsEither": {"Fn::Or": [{"Condition": "IsProd"}, {"Condition": "IsTest"}]},
    "IsBoth": {"Fn::And": [{"Condition": "IsProd"}, {"Condition": "IsTest"}]},
    "InIreland": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
    "InFrankfurt": {"Fn::Equals": ["eu-central-1", {"Ref": "AWS::Region"}]},
    "InBoth": {"Fn::And": [{"Condition": "InIreland"}, {"Condition": "InFrankfurt"}]},
}


def serverless(memory: Any, **sections: Any) -> dict[str, Any]:
    """Return a template with a serverless configuration."""
    variant = {**VARIANT, "ServerlessConfig": {**SERVERLESS, "MemorySizeInMB": memory}}
    return template_of({"ProductionVariants": [variant]}, **sections)


def either(condition: str, yes: Any, no: Any) -> dict[str, Any]:
    return {"Fn::If": [condition, yes, no]}


def memory_finding(suffix: str, *steps: str | int, got: int = 1500) -> tuple[Finding, Any]:
    path = "ProductionVariants[0].ServerlessConfig.MemorySizeInMB"
    allowed = "1024, 2048, 3072, 4096, 5120 or 6144 MB"
    finding = Finding(
        rule_id="serverless-memory-step",
        severity=Severity.ERROR,
        path=path,
        got=got,
        allowed=allowed,
        message=f"{path} is {got}; must be {allowed}{suffix}",
        fix="Use 1024 or 2048 MB.",
        source_url=MEMORY_URL,
        resource="Config",
    )
    return finding, (*FIRST, "ServerlessConfig", "MemorySizeInMB", *steps)


def of_default() -> tuple[Finding, Any]:
    """Return the finding about a default of 1500, which other deployments replace."""
    finding, _ = memory_finding("")
    requirement = f"{finding.path} must be {finding.allowed}"
    place = ("Parameters", "Memory", "Default")
    found = attrs.evolve(
        finding,
        rule_id="parameter-default-invalid",
        severity=Severity.WARNING,
        message=f"default 1500 of parameter Memory cannot be deployed: {requirement}",
        fix="Give a default that can be deployed, or none.",
        source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
        "parameters-section-structure.html",
        place=place,
    )
    return found, place


def parameter(**declared: Any) -> dict[str, Any]:
    return {"Memory": {"Type": "Number", **declared}}


MEMORY: list[tuple[str, dict[str, Any], list[tuple[Finding, Any]]]] = [
    ("plain", serverless(1500), [memory_finding("")]),
    ("text", serverless("1500"), [memory_finding("")]),
    ("good", serverless("2048"), []),
    (
        "default",
        serverless({"Ref": "Memory"}, Parameters=parameter(Default=1500)),
        [of_default()],
    ),
    (
        "one of the allowed values",
        serverless({"Ref": "Memory"}, Parameters=parameter(AllowedValues=[2048, "1500"])),
        [memory_finding(" (where parameter Memory is 1500)")],
    ),
    (
        "the only allowed value",
        serverless({"Ref": "Memory"}, Parameters=parameter(AllowedValues=["1500"])),
        [memory_finding("")],
    ),
    ("a parameter without values", serverless({"Ref": "Memory"}, Parameters=parameter()), []),
    (
        "a branch",
        serverless(either("IsProd", 1500, 2048), Parameters=ENV, Conditions=CONDITIONS),
        [memory_finding(" (where IsProd is true)", "Fn::If", 1)],
    ),
    (
        "the other branch",
        serverless(either("IsProd", 2048, 1500), Parameters=ENV, Conditions=CONDITIONS),
        [memory_finding(" (where IsProd is false)", "Fn::If", 2)],
    ),
    (
        "both branches",
        serverless(either("IsProd", 1500, 1500), Parameters=ENV, Conditions=CONDITIONS),
        [memory_finding("", "Fn::If", 2)],
    ),
    (
        "different violations in both branches",
        serverless(either("IsProd", 1500, 1501), Parameters=ENV, Conditions=CONDITIONS),
        [
            memory_finding(" (where IsProd is false)", "Fn::If", 2, got=1501),
            memory_finding(" (where IsProd is true)", "Fn::If", 1),
        ],
    ),
    (
        "a branch in a branch",
        serverless(
            either("IsEither", either("IsTest", 2048, 1500), 2048),
            Parameters=ENV,
            Conditions=CONDITIONS,
        ),
        [memory_finding(" (where IsProd is true)", "Fn::If", 1, "Fn::If", 2)],
    ),
    (
        "branches that exclude each other",
        serverless(
            either("IsProd", either("IsTest", 1500, 2048), 2048),
            Parameters=ENV,
            Conditions=CONDITIONS,
        ),
        [],
    ),
    (
        "a condition that never holds",
        serverless(either("IsBoth", 1500, 2048), Parameters=ENV, Conditions=CONDITIONS),
        [],
    ),
    (
        "two regions at once",
        serverless(either("InBoth", 1500, 2048), Parameters=ENV, Conditions=CONDITIONS),
        [],
    ),
    (
        "a region in a condition",
        serverless(either("InIreland", 1500, 2048), Parameters=ENV, Conditions=CONDITIONS),
        [memory_finding(" (where InIreland is true)", "Fn::If", 1)],
    ),
    (
        "a condition that is not declared",
        serverless(either("Missing", 1500, 1500), Transform="AWS::LanguageExtensions"),
        [],
    ),
    (
        "a mapping",
        serverless(
            {"Fn::FindInMap": ["M", {"Ref": "Env"}, "Memory"]},
            Parameters={"Env": {"Type": "String", "AllowedValues": ["a", "b"]}},
            Mappings={"M": {"a": {"Memory": 2048}, "b": {"Memory": 1500}}},
        ),
        [memory_finding(" (where parameter Env is b)")],
    ),
    (
        "a rule of the template that excludes it",
        serverless(
            {"Ref": "Memory"},
            Parameters=parameter(AllowedValues=[1500, 2048]),
            Rules={"R": {"Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "Memory"}, "2048"]}}]}},
        ),
        [],
    ),
    (
        "a rule of the template with a condition that excludes it",
        serverless(
            {"Ref": "Memory"},
            Parameters=parameter(AllowedValues=[1500, 2048]),
            Rules={
                "R": {
                    "RuleCondition": {"Fn::Equals": [{"Ref": "Memory"}, "1500"]},
                    "Assertions": [{"Assert": {"Fn::Contains": [["2048"], {"Ref": "Memory"}]}}],
                }
            },
        ),
        [],
    ),
    (
        "a rule of the template without assertions",
        serverless(
            {"Ref": "Memory"},
            Parameters=parameter(AllowedValues=[1500, 2048]),
            Rules={"R": {"RuleCondition": {"Fn::Equals": [{"Ref": "Memory"}, "1500"]}}},
        ),
        [memory_finding(" (where parameter Memory is 1500)")],
    ),
    (
        "a rule of the template without parameters",
        serverless(1500, Rules={"R": {"Assertions": [{"Assert": {"Fn::Equals": ["a", "b"]}}]}}),
        [memory_finding("")],
    ),
    (
        "a rule of the template that does not apply",
        serverless(
            {"Ref": "Memory"},
            Parameters=parameter(AllowedValues=[1500, 2048]),
            Rules={
                "R": {
                    "RuleCondition": {"Fn::Equals": [{"Ref": "Memory"}, "2048"]},
                    "Assertions": [
                        {"Assert": {"Fn::Contains": [["2048"], {"Ref": "Memory"}]}},
                        "nonsense",
                    ],
                }
            },
        ),
        [memory_finding(" (where parameter Memory is 1500)")],
    ),
]


def findings_of(template: dict[str, Any]) -> list[tuple[Finding, Any]]:
    return [(finding, finding.place) for finding in check_template(template)]


@pytest.mark.parametrize(
    ("template", "findings"),
    [row[1:] for row in MEMORY],
    ids=[row[0] for row in MEMORY],
)
def test_findings(template: dict[str, Any], findings: list[tuple[Finding, Any]]) -> None:
    before = copy.deepcopy(template)
    assert findings_of(template) == findings
    assert template == before


def rules_and_places(template: dict[str, Any]) -> list[tuple[str, str, Any]]:
    return [(each.rule_id, each.path, each.place) for each in check_template(template)]


PLACES: list[tuple[str, Any, list[tuple[str, str, Any]]]] = [
    (
        "an item after a removed one",
        {
            "ProductionVariants": [
                NO_VALUE,
                either("Never", TYPE, NO_VALUE),
                {**TYPE, "ModelName": "a b"},
            ]
        },
        [
            (
                "value-pattern-mismatch",
                "ProductionVariants[0].ModelName",
                (*PROPERTIES, "ProductionVariants", 2, "ModelName"),
            )
        ],
    ),
    (
        "a missing member",
        {
            "ProductionVariants": [
                {"ModelName": "a", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
            ]
        },
        [("value-missing", "ProductionVariants[0].VariantName", (*FIRST, "VariantName"))],
    ),
    (
        "a removed member",
        {"ProductionVariants": [{**TYPE, "VariantName": either("Never", "a", NO_VALUE)}]},
        [
            (
                "value-missing",
                "ProductionVariants[0].VariantName",
                (*FIRST, "VariantName", "Fn::If", 2),
            )
        ],
    ),
    (
        "variants in a branch",
        {"ProductionVariants": either("Never", NO_VALUE, [either("Never", 1, {**TYPE, "Typ": 1})])},
        [
            (
                "member-unpublished",
                "ProductionVariants[0].Typ",
                (*PROPERTIES, "ProductionVariants", "Fn::If", 2, 0, "Fn::If", 2, "Typ"),
            )
        ],
    ),
    (
        "null",
        {"ProductionVariants": [{**TYPE, "RoutingConfig": None}]},
        [("member-null", "ProductionVariants[0].RoutingConfig", (*FIRST, "RoutingConfig"))],
    ),
    (
        "no variants",
        {},
        [
            (
                "production-variants-missing",
                "ProductionVariants",
                (*PROPERTIES, "ProductionVariants"),
            )
        ],
    ),
    (
        "no properties",
        None,
        [
            (
                "production-variants-missing",
                "ProductionVariants",
                (*PROPERTIES, "ProductionVariants"),
            )
        ],
    ),
    (
        "removed properties",
        NO_VALUE,
        [
            (
                "production-variants-missing",
                "ProductionVariants",
                PROPERTIES,
            )
        ],
    ),
    ("properties of another type", [1], [("value-type-wrong", "Properties", PROPERTIES)]),
    ("unknown properties", {"Fn::Transform": {"Name": "Mine"}}, []),
    ("unknown variants", {"ProductionVariants": {"Ref": "AWS::StackName"}}, []),
    (
        "a reference to nothing",
        {"ProductionVariants": {"Ref": "Missing"}},
        [
            (
                "reference-unknown",
                "Properties.ProductionVariants.Ref",
                (*PROPERTIES, "ProductionVariants", "Ref"),
            )
        ],
    ),
    (
        "a value of a function",
        {"ProductionVariants": [{**TYPE, "ModelName": {"Fn::Join": [" ", ["a", "b"]]}}]},
        [("value-pattern-mismatch", "ProductionVariants[0].ModelName", (*FIRST, "ModelName"))],
    ),
    (
        "a member of the API only",
        {"ProductionVariants": [TYPE], "CrossRegionTrafficConfig": TRAFFIC},
        [
            (
                "member-not-in-cloudformation",
                "CrossRegionTrafficConfig",
                (*PROPERTIES, "CrossRegionTrafficConfig"),
            )
        ],
    ),
    (
        "tags",
        {"ProductionVariants": [TYPE], "Tags": [{"Key": "aws:a", "Value": 1}]},
        [("tag-key-reserved", "Tags[0].Key", (*PROPERTIES, "Tags", 0, "Key"))],
    ),
]
NEVER = {"Never": {"Fn::Equals": ["a", "b"]}}


@pytest.mark.parametrize(
    ("properties", "findings"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES]
)
def test_places(properties: Any, findings: list[tuple[str, str, Any]]) -> None:
    assert rules_and_places(template_of(properties, Conditions=NEVER)) == findings


@pytest.mark.parametrize(
    "template",
    [
        {},
        {"Resources": None},
        {"Resources": [1]},
        {"Resources": {"A": None, "B": [1], "C": {"Type": 1}, "D": {}}},
        {"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": None}}}},
        {"Resources": {"Fn::ForEach::A": ["X", ["a"], {"C${X}": {"Type": CONFIG}}]}},
        {"Resources": {"A": {"Type": CONFIG, "Fn::Transform": {"Name": "AWS::Include"}}}},
    ],
)
def test_templates_without_checked_resources(template: dict[str, Any]) -> None:
    assert check_template(template) == []


@pytest.mark.parametrize("template", [None, [], "text", 1])
def test_templates_of_wrong_types(template: Any) -> None:
    with pytest.raises(TypeError) as raised:
        check_template(template)
    assert str(raised.value) == (
        f"a template must be a mapping, got {type(template).__name__}; "
        "pass the result of json.load or of a YAML parser"
    )


def test_resources_that_are_never_deployed() -> None:
    template = serverless(1500, Parameters=ENV, Conditions=CONDITIONS)
    template["Resources"]["Config"]["Condition"] = "IsBoth"
    assert check_template(template) == []


def test_messages_without_the_condition_of_the_resource() -> None:
    template = serverless(1500, Parameters=ENV, Conditions=CONDITIONS)
    template["Resources"]["Config"]["Condition"] = "IsProd"
    assert findings_of(template) == [memory_finding("")]


@pytest.mark.parametrize("transform", ["AWS::Serverless-2016-10-31", ["AWS::LanguageExtensions"]])
def test_harmless_transforms(transform: Any) -> None:
    assert findings_of(serverless(1500, Transform=transform)) == [memory_finding("")]


def test_properties_that_are_no_object() -> None:
    (finding,) = check_template(template_of([1]))
    assert finding == Finding(
        rule_id="value-type-wrong",
        severity=Severity.ERROR,
        path="Properties",
        got=[1],
        allowed="an object",
        message="Properties is [1]; must be an object",
        fix="Write a map of property names to values.",
        source_url=finding.source_url,
        resource="Config",
    )


@pytest.mark.parametrize(
    ("transform", "got"),
    [
        ("Mine", "Mine"),
        (["AWS::LanguageExtensions", "Mine", "Yours"], "Mine, Yours"),
        ({"Name": "AWS::Include"}, "AWS::Include"),
        ([[]], "without a name"),
    ],
)
def test_macros(transform: Any, got: str) -> None:
    (finding,) = check_template(serverless(1500, Transform=transform))
    assert finding == Finding(
        rule_id="template-transformed",
        severity=Severity.WARNING,
        path="Transform",
        got=got,
        allowed="",
        message=f"Transform {got} may change every resource, so the template is not checked",
        fix="Check the processed template, which the change set shows.",
        source_url=finding.source_url,
    )
    assert finding.place == ("Transform",)
    assert check_template({"Transform": transform, "Resources": {}}) == []


def test_strict() -> None:
    template = template_of({"EndpointConfigName": "a", "ProductionVariants": [TYPE]})
    (warning,) = check_template(template)
    (error,) = check_template(template, profile=Profile.STRICT)
    assert (warning.rule_id, warning.severity) == ("name-fixed", Severity.WARNING)
    assert (error.rule_id, error.severity) == ("name-fixed", Severity.ERROR)


def test_custom_rules() -> None:
    violation = Violation(path=("production_variants", 0), got=1, must="be 2", fix="Change it.")
    own = Rule(id="own-rule", title="t", why="w", check=lambda _: [violation])
    report = review_template(template_of({"ProductionVariants": [TYPE]}), rules=[own])
    (finding,) = report.findings
    assert own.about == (EndpointConfigSpec,)
    assert check_template(template_of({"ProductionVariants": [TYPE]}), rules=[own]) == [finding]
    assert (finding.rule_id, finding.path, finding.place) == (
        "own-rule",
        "ProductionVariants[0]",
        FIRST,
    )


def test_equal_violations_are_all_reported() -> None:
    violation = Violation(path=("production_variants", 0), got=1, must="be 2", fix="Change it.")
    own = Rule(id="own-rule", title="t", why="w", check=lambda _: [violation] * 3)
    found = check_template(template_of({"ProductionVariants": [TYPE]}), rules=[own])
    assert [each.rule_id for each in found] == ["own-rule"] * 3


def test_region() -> None:
    template = serverless(2048)
    assert check_template(template, region="eu-west-1", rules=PEDANTIC_RULES) == []
    (finding,) = check_template(template, region="cn-north-1", rules=PEDANTIC_RULES)
    assert finding.rule_id == "serverless-region-not-listed"


def test_every_allowed_value_is_checked() -> None:
    values = [*range(2, 500)]
    counts = {"Type": "Number", "AllowedValues": values, "Default": 2}
    properties = {
        "ProductionVariants": [{**TYPE, "InitialInstanceCount": {"Ref": "Count"}} for _ in "a"],
        "MetricsConfig": {
            "EnableEnhancedMetrics": True,
            "MetricPublishFrequencyInSeconds": {"Ref": "Seconds"},
        },
    }
    seconds = {"Type": "Number", "AllowedValues": [10, *range(1000, 1400)], "Default": 10}
    found = check_template(
        template_of(properties, Parameters={"Count": counts, "Seconds": seconds})
    )
    (wrong,) = [each for each in found if each.rule_id == "value-not-allowed"]
    assert wrong.message.endswith(
        " (where parameter Seconds is 1000, 1001, 1002, 1003, 1004 or one of 395 other values)"
    )

"""Findings of a configuration: time, text and path; a refused call changes nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import STRICT, new_stack, properties_of, template_of

from cdk_epc import (
    EndpointConfig,
    EndpointConfigError,
    Finding,
    InstancePool,
    InstanceType,
    InstanceVariant,
    Routing,
    Rule,
    Severity,
    ShapBaseline,
    Violation,
)

LARGE = InstanceType.ML_M5_LARGE


def line() -> int:
    """Return the line of the caller."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def add(config: EndpointConfig, name: str = "v", **options: Any) -> None:
    given = {"model": "m", "instance_type": LARGE, "initial_instance_count": 1, **options}
    config.add_instance_variant(name, **given)


def refused(call: Callable[[], object]) -> list[Finding]:
    with pytest.raises(EndpointConfigError) as error:
        call()
    return list(error.value.findings)


def test_whole_finding_of_a_method() -> None:
    config = EndpointConfig(new_stack(), "Config")
    before = line()
    with pytest.raises(EndpointConfigError) as error:
        config.add_serverless_variant(
            "sv",
            model="m",
            memory_size=cdk.Size.gibibytes(2),
            max_concurrency=5,
            provisioned_concurrency=9,
        )
    assert list(error.value.findings) == [
        Finding(
            rule_id="serverless-provisioned-too-large",
            severity=Severity.ERROR,
            path='add_serverless_variant("sv").provisioned_concurrency',
            got=9,
            allowed="not exceed max_concurrency (5)",
            message='provisioned_concurrency of add_serverless_variant("sv") is 9; '
            "must not exceed max_concurrency (5)",
            fix="Lower provisioned_concurrency, or raise max_concurrency.",
            source_url="https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
            "API_ProductionVariantServerlessConfig.html",
            resource="Stack/Config",
            file=__file__,
            line=before + 2,
        )
    ]


def test_text_of_a_finding() -> None:
    config = EndpointConfig(new_stack(), "Config")
    with pytest.raises(EndpointConfigError) as error:
        add(config, "a_b")
    assert (
        str(error.value)
        == f"""
error value-pattern-mismatch: name of add_instance_variant("a_b") is 'a_b'; \
must match [a-zA-Z0-9](-*[a-zA-Z0-9]){{0,62}}
    fix: Remove '_'.
    construct: Stack/Config
    given at: {__file__}:{error.value.findings[0].line}
    source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"""
    )


PLACES: dict[str, tuple[Callable[[EndpointConfig], object], str]] = {
    "a method's argument": (
        lambda c: add(c, initial_weight=-1),
        'add_instance_variant("v").initial_weight',
    ),
    "a duration": (
        lambda c: add(c, model_data_download_timeout=cdk.Duration.seconds(59)),
        'add_instance_variant("v").model_data_download_timeout',
    ),
    "an argument of a value": (
        lambda c: add(c, routing=Routing.prefix_aware(prefix_length=1, concurrency_threshold=1)),
        'add_instance_variant("v").routing.prefix_length',
    ),
    "an item of a list": (
        lambda c: add(c, instance_type=[InstancePool(LARGE, priority=6)]),
        'add_instance_variant("v").instance_type[0].priority',
    ),
    "a feature": (
        lambda c: c.capture_data(destination="bucket", sampling_percentage=1),
        "capture_data().destination",
    ),
    "an item of a feature": (
        lambda c: c.explain_with_clarify(
            baseline=ShapBaseline.inline("1"), label_headers=["", "a"]
        ),
        "explain_with_clarify().label_headers[0]",
    ),
    "a unit that does not divide": (
        lambda c: add(c, volume_size=cdk.Size.mebibytes(1500)),
        'add_instance_variant("v").volume_size',
    ),
    "a number without a unit": (
        lambda c: add(c, volume_size=10),
        'add_instance_variant("v").volume_size',
    ),
    "an object that is no model": (lambda c: add(c, model=1), 'add_instance_variant("v").model'),
}


@pytest.mark.parametrize("case", PLACES)
def test_path_of_a_method_argument(case: str) -> None:
    call, path = PLACES[case]
    config = EndpointConfig(new_stack(), "Config")
    assert [finding.path for finding in refused(lambda: call(config))] == [path]
    assert config.to_request() == {}


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"encryption_key": 3}, "encryption_key"),
        ({"encryption_key": "alias/a.b"}, "encryption_key"),
        ({"execution_role": "sagemaker-role-name"}, "execution_role"),
        ({"network_isolation": "yes"}, "network_isolation"),
        ({"tags": {"AWS:team": "x"}}, "tags['AWS:team']"),
        ({"tags": [("team", "x")]}, "tags"),
        ({"tags": 3}, "tags"),
        ({"endpoint_config_name": "a_b"}, "endpoint_config_name"),
        ({"production_variants": [3]}, "production_variants[0]"),
        ({"production_variants": "blue"}, "production_variants"),
        ({"data_capture": {"destination": "s3://b"}}, "data_capture"),
    ],
)
def test_path_of_a_constructor_argument(options: dict[str, Any], path: str) -> None:
    findings = refused(lambda: EndpointConfig(new_stack(), "Config", **options))
    assert {finding.path for finding in findings} == {path}


def test_refused_constructor_does_not_use_the_id() -> None:
    stack = new_stack()
    refused(lambda: EndpointConfig(stack, "Config", endpoint_config_name="a_b"))
    EndpointConfig(stack, "Config")


def test_refused_call_does_not_change_the_template() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config")
    add(config)
    refused(lambda: add(config))
    assert len(properties_of(stack)["ProductionVariants"]) == 1


def test_every_error_of_a_call_is_reported() -> None:
    config = EndpointConfig(new_stack(), "Config")
    findings = refused(lambda: add(config, "a_b", initial_instance_count=0, initial_weight=-1))
    assert [finding.rule_id for finding in findings] == [
        "value-out-of-range",
        "value-out-of-range",
        "value-pattern-mismatch",
    ]


def test_missing_variants_are_reported_at_synth_for_all_constructs() -> None:
    app = cdk.App(analytics_reporting=False, context=STRICT)
    for stack in (new_stack("One", app), new_stack("Two", app)):
        EndpointConfig(stack, "Config")
    with pytest.raises(RuntimeError, match="production-variants-missing") as error:
        app.synth()
    for path in ("One/Config", "Two/Config"):
        assert f"construct: {path}" in str(error.value)


def test_nested_stage_has_its_own_validation() -> None:
    app = cdk.App(analytics_reporting=False, context=STRICT)
    EndpointConfig(new_stack("Outer", app), "Config")
    stage = cdk.Stage(app, "Stage")
    EndpointConfig(cdk.Stack(stage, "Inner"), "Config")
    with pytest.raises(RuntimeError, match="construct: Stage/Inner/Config") as error:
        stage.synth()
    assert "Outer/Config" not in str(error.value)


def test_fixed_name_is_a_warning_once() -> None:
    app = cdk.App(analytics_reporting=False, context=STRICT)
    config = EndpointConfig(new_stack("Stack", app), "Config", endpoint_config_name="fixed")
    add(config)
    reports = []
    for _ in range(2):
        files = Path(app.synth(force=True).directory).glob("*.json")
        reports.append("".join(file.read_text("utf-8") for file in files))
    assert "name-fixed: endpoint_config_name is the fixed name 'fixed'" in reports[0]
    assert reports[0].count("cdk-epc::name-fixed") == reports[1].count("cdk-epc::name-fixed") > 0


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"instance_type": InstanceType.of("ml.z9.large")}, "instance-type-unknown"),
        ({"routing": Routing.kv_aware()}, "routing-kv-aware"),
    ],
)
def test_warnings_do_not_raise(options: dict[str, Any], rule: str) -> None:
    config = EndpointConfig(new_stack(), "Config")
    add(config, **options)
    assert [(f.rule_id, f.severity) for f in config.findings_at_synth()] == [
        (rule, Severity.WARNING)
    ]


def test_features_are_configured_once() -> None:
    config = EndpointConfig(new_stack(), "Config", network_isolation=False)
    config.publish_metrics(enhanced=True)
    findings = [
        (finding.rule_id, finding.message)
        for call in (lambda: config.publish_metrics(enhanced=False), config.isolate_network)
        for finding in refused(call)
    ]
    assert findings == [
        ("feature-repeated", "publish_metrics() was already called for this configuration"),
        (
            "feature-repeated",
            "isolate_network() is not allowed because network_isolation is already set",
        ),
    ]
    assert config.to_request()["MetricsConfig"] == {"EnableEnhancedMetrics": True}


def _two_instances(spec: Any) -> Any:
    for path, variant in spec.variants():
        if variant.initial_instance_count == 1:
            yield Violation(
                path=(*path, "initial_instance_count"),
                got=1,
                must="be 2 or more",
                fix="Set it to 2.",
            )


COMPANY = Rule(
    id="company-two-instances", title="Two instances", why="One may fail.", check=_two_instances
)


class CompanyConfig(EndpointConfig):
    def __init__(self, scope: cdk.Stack, id: str, **options: Any) -> None:
        super().__init__(scope, id, rules=[COMPANY], **options)


def test_custom_rules_of_a_subclass() -> None:
    stack = new_stack()
    config = CompanyConfig(stack, "Config")
    add(config)
    assert [finding.rule_id for finding in refused(lambda: add(config))] == [
        "variant-names-repeated"
    ]
    with pytest.raises(RuntimeError, match="company-two-instances"):
        template_of(stack)


def test_eager_custom_rule_is_raised_by_the_call() -> None:
    from attrs import evolve

    config = EndpointConfig(new_stack(), "Config", rules=[evolve(COMPANY, eager=True)])
    (finding,) = refused(lambda: add(config))
    assert finding.path == 'add_instance_variant("v").initial_instance_count'


def test_custom_rule_with_a_built_in_id_is_refused() -> None:
    impostor = Rule(id="value-out-of-range", title="", why="", check=lambda _: ())
    findings = refused(lambda: EndpointConfig(new_stack(), "Config", rules=[impostor]))
    assert [finding.rule_id for finding in findings] == ["rule-id-repeated"]


def test_findings_of_the_constructor_name_the_variant() -> None:
    variant = InstanceVariant("v", model="m", instance_type=LARGE, initial_instance_count=1)
    findings = refused(
        lambda: EndpointConfig(new_stack(), "Config", production_variants=[variant, variant])
    )
    assert [finding.path for finding in findings] == ["production_variants[1].name"]

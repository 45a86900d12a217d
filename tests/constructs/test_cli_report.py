"""Findings for the CDK CLI: all errors of an app, each with the line of its call."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from cdk_epc import (
    Container,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    EndpointValidator,
    InstanceType,
    Model,
)
from cdk_epc.constructs.call_sites import CallSite

CLI = {
    "@aws-cdk/core:failSynthOnValidationErrors": False,
    "aws:cdk:bundling-stacks": ["**"],
}
HERE = Path(__file__).name
SIZE = cdk.Size.mebibytes(2048)


def new_app(context: dict[str, Any] | None = None) -> tuple[cdk.App, cdk.Stack]:
    app = cdk.App(analytics_reporting=False, context=CLI if context is None else context)
    return app, cdk.Stack(app, "Stack")


def line() -> int:
    site = CallSite.of_frame(sys._getframe(1))  # pyright: ignore[reportPrivateUsage]
    assert site is not None
    return site.line


def add_too_small(config: EndpointConfig) -> int:
    size = cdk.Size.mebibytes(2500)
    config.add_serverless_variant("v", model="m", memory_size=size, max_concurrency=5)
    return line() - 1


def annotated(app: cdk.App) -> dict[str, set[tuple[str, str]]]:
    """Return path and rule id of the annotations of an app, by their type."""
    found: dict[str, set[tuple[str, str]]] = {"error": set(), "warning": set()}
    for path, entries in metadata(app).items():
        for entry in entries:
            if (kind := entry["type"].removeprefix("aws:cdk:")) in found:
                assert "trace" not in entry
                found[kind].add((path, entry["data"].partition(":")[0]))
    return found


def metadata(app: cdk.App) -> dict[str, Any]:
    folder = Path(app.outdir)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))["artifacts"]["Stack"]
    file = manifest.get("additionalMetadataFile")
    return dict(manifest["metadata"] if file is None else json.loads((folder / file).read_text()))


def plugins_with_violations(app: cdk.App) -> set[str]:
    report = json.loads((Path(app.outdir) / "validation-report.json").read_text("utf-8"))
    return {each["pluginName"] for each in report["pluginReports"] if each["violations"]}


@pytest.mark.parametrize(
    ("variables", "context", "collects"),
    [
        ({}, None, True),
        ({"CDK_ERROR_FILE": "error.txt"}, None, False),
        ({"CDK_ERROR_FILE": "error.txt"}, {**CLI, "aws:cdk:bundling-stacks": []}, True),
        ({}, {"@aws-cdk/core:failSynthOnValidationErrors": True}, False),
        ({}, {}, False),
    ],
    ids=["language server", "cdk synth", "cdk validate", "context", "python"],
)
def test_commands_that_inspect_an_app_get_all_errors(
    monkeypatch: pytest.MonkeyPatch, variables: Any, context: Any, *, collects: bool
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.delenv("CDK_ERROR_FILE", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    app, stack = new_app(context)
    config = EndpointConfig(stack, "Config")
    if not collects:
        with pytest.raises(EndpointConfigError, match="serverless-memory-step"):
            add_too_small(config)
        with pytest.raises(RuntimeError, match="production-variants-missing"):
            app.synth()
        return
    at = add_too_small(config)
    empty, created = EndpointConfig(stack, "Empty"), line()
    app.synth()
    assert len(config.variants) == 1
    assert not empty.variants
    assert annotated(app)["error"] == {
        (f"/Stack/Config/{HERE}:{at}", "serverless-memory-step"),
        (f"/Stack/Empty/{HERE}:{created}", "production-variants-missing"),
    }


@pytest.fixture
def collecting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the CLI get all errors; restore the hook that the app installs."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.delenv("CDK_ERROR_FILE", raising=False)


@pytest.mark.usefixtures("collecting")
def test_calls_go_on_after_collected_errors() -> None:
    app, stack = new_app()
    cdk.Validations.of(app).add_plugins(EndpointValidator())
    model = Model(
        stack,
        "Model",
        container=Container(image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1"),
        acknowledge={"unknown-id": "A typo."},
    )
    config = EndpointConfig(stack, "Config", production_variants=[])
    variant = config.add_instance_variant(
        "v", model=model, instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=0
    )
    config.capture_data(destination="s3://bucket/captured", sampling_percentage=101)
    config.capture_data(destination="s3://bucket/captured", sampling_percentage=10)
    EndpointConfig.from_request(
        stack,
        "Imported",
        {"ProductionVariants": [], "Unknown": 1, "DataCaptureConfig": None},
    )
    Endpoint(stack, "Endpoint", endpoint_config=config)
    variant.auto_scale(4, 1).scale_on_invocations(max_requests_per_second=40)
    with pytest.raises(EndpointConfigError, match="value-type-wrong"):  # CDK cannot write it
        EndpointConfig.from_request(stack, "Bad", {"ProductionVariants": [{"VariantName": 1}]})
    app.synth()
    assert sorted(rule for _, rule in annotated(app)["error"]) == [
        "acknowledgement-unknown",
        "feature-repeated",
        "member-null",
        "member-unpublished",
        "production-variants-missing",
        "scaling-bounds-reversed",
        "value-out-of-range",
        "value-out-of-range",
    ]
    assert "cdk-epc" not in plugins_with_violations(app)


def test_lines_are_in_the_assembly_of_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_ERROR_FILE", "error.txt")
    templates: list[Any] = []
    for context in ({}, CLI):
        app, stack = new_app(context)
        config, created = EndpointConfig(stack, "Config", endpoint_config_name="fixed"), line()
        config.add_serverless_variant("v", model="m", memory_size=SIZE, max_concurrency=5)
        EndpointConfig(stack, "Imported").acknowledge("production-variants-missing", reason="Test.")
        templates.append(app.synth().get_stack_by_name("Stack").template)
    assert templates[0] == templates[1]
    assert annotated(app) == {
        "error": set(),
        "warning": {(f"/Stack/Config/{HERE}:{created}", "name-fixed")},
    }
    entries = metadata(app)
    for path in ("/Stack/Config", "/Stack/Config/Resource", f"/Stack/Config/{HERE}:{created}"):
        stacks = [each["data"] for each in entries[path] if each["type"].endswith("creationStack")]
        assert stacks[-1] == [f"call ({Path(__file__).resolve()}:{created})"]


def test_debugged_app_has_no_frames_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_ERROR_FILE", "error.txt")
    monkeypatch.setenv("JSII_HOST_STACK_TRACES", "1")  # as CDK's option --debug does
    app, stack = new_app()
    config, created = EndpointConfig(stack, "Config"), line()
    config.add_serverless_variant("v", model="m", memory_size=SIZE, max_concurrency=5)
    app.synth()
    entries = metadata(app)["/Stack/Config/Resource"]
    stacks = [each["data"] for each in entries if each["type"].endswith("creationStack")]
    assert "/cdk_epc/" not in json.dumps(stacks)
    # jsii records lines of Python since a later version than the lowest one.
    recorded = [frame for frame in stacks[0] if HERE in frame]
    assert all(frame.endswith(f"{HERE}:{created})") for frame in recorded[:1])


@pytest.mark.usefixtures("collecting")
def test_error_that_ends_the_program_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[BaseException] = []

    def show(_: object, error: BaseException, __: object) -> None:
        others.append(error)

    monkeypatch.setattr(sys, "excepthook", show)
    app, stack = new_app()
    cdk.Validations.of(app).add_plugins(EndpointValidator())
    at = add_too_small(EndpointConfig(stack, "Config"))
    EndpointConfig(stack, "Unfinished", endpoint_config_name="fixed")  # a later call could follow
    wrong: Any = 1

    def end_with(call: Callable[[], object]) -> None:
        try:
            call()
        except Exception as error:  # noqa: BLE001 - Python passes any to the hook
            sys.excepthook(type(error), error, error.__traceback__)

    lines: list[int] = []
    config: Any = EndpointConfig
    calls: list[Callable[[], object]] = [
        lambda: config(stack, "Model", data_capture=wrong),
        lambda: config(stack, "Other", encryption=wrong),
        lambda: config(stack, "Other", profile=wrong),
    ]
    for call in calls:
        lines.append(call.__code__.co_firstlineno)
        with pytest.raises(SystemExit) as ended:
            end_with(call)
        assert ended.value.code == 0
    end_with(lambda: 1 / wrong.real.imag)
    assert [type(each) for each in others] == [ZeroDivisionError]
    assert annotated(app) == {
        "warning": set(),
        "error": {
            (f"/Stack/Config/{HERE}:{at}", "serverless-memory-step"),
            *((f"/Stack/{HERE}:{each}", "argument-type-wrong") for each in lines),
        },
    }
    assert "cdk-epc" not in plugins_with_violations(app)

"""Table of common changes in ``docs/changing.md``, from the comparison of templates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from cdk_epc.cli.formats.update_plan import effect
from cdk_epc.rules.explain import changed
from cdk_epc.templates import TemplateInput
from cdk_epc.updates import UpdateReport, review_update
from tools.docs.markdown import with_table

PAGE: Final = "docs/changing.md"
_ROOT: Final = Path(__file__).resolve().parents[2]
_HEAD: Final = "| Change | `cdk diff` shows | `cdk-epc diff` shows |\n|---|---|---|\n"

_VARIANTS: Final = "Resources.Config.Properties.ProductionVariants"
_ENDPOINT: Final = "Resources.Endpoint.Properties"
_COMPONENT: Final = "Resources.Component.Properties"
_ATTRIBUTE: Final = "Fn::GetAtt"
_CONFIG_NAME: Final = {_ATTRIBUTE: ["Config", "EndpointConfigName"]}
_VARIANT: Final[Mapping[str, Any]] = {
    "VariantName": "main",
    "ModelName": "fraud-7",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 2,
}
_CANARY: Final[Mapping[str, Any]] = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {
            "Type": "CANARY",
            "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 25},
            "WaitIntervalInSeconds": 300,
        }
    },
    "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": {"Ref": "Alarm"}}]},
}


def _resource(type_: str, **properties: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"Type": f"AWS::{type_}", "Properties": properties}


def _template(**resources: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": resources}


def _endpoint(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return _resource("SageMaker::Endpoint", EndpointConfigName=_CONFIG_NAME, **properties)


def _config(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return _resource("SageMaker::EndpointConfig", ProductionVariants=[dict(_VARIANT)], **properties)


_TARGET: Final = _resource(
    "ApplicationAutoScaling::ScalableTarget",
    MinCapacity=2,
    MaxCapacity=8,
    ServiceNamespace="sagemaker",
    ScalableDimension="sagemaker:variant:DesiredInstanceCount",
    ResourceId={"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/main"},
)
_RETAIN: Final = _endpoint(RetainAllVariantProperties=True)
_PLAIN: Final = _template(Config=_config(), Endpoint=_endpoint())
_SCALED: Final = _template(Config=_config(), Endpoint=_RETAIN, Target=_TARGET)
_NAMED: Final = _template(Config=_config(EndpointConfigName="fraud"), Endpoint=_endpoint())
_ALARM: Final = _resource("CloudWatch::Alarm", AlarmName="errors", MetricName="Invocation5XXErrors")
_WATCHED: Final = _template(
    Alarm=_ALARM, Config=_config(), Endpoint=_endpoint(DeploymentConfig=_CANARY)
)
_HOST: Final = {key: value for key, value in _VARIANT.items() if key != "ModelName"}
_COMPONENTS: Final = _template(
    Config=_resource(
        "SageMaker::EndpointConfig",
        ExecutionRoleArn="arn:aws:iam::111122223333:role/inference",
        ProductionVariants=[_HOST],
    ),
    Endpoint=_endpoint(EndpointName="fraud"),
    Component=_resource(
        "SageMaker::InferenceComponent",
        EndpointName="fraud",
        VariantName="main",
        Specification={
            "ModelName": "fraud-7",
            "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024},
        },
        RuntimeConfig={"CopyCount": 1},
    ),
)


@frozen
class Case:
    """Change of a template.

    Attributes:
        title: The change.
        old: Template before the change.
        changes: Changes as those of examples.
        cdk: Words for the output of `cdk diff --method template` (CLI 2.1148).
    """

    title: str
    old: Mapping[str, Any]
    changes: tuple[Mapping[str, Any], ...]
    cdk: str

    def new(self) -> dict[str, Any]:
        """Return the template after the change."""
        template = json.loads(json.dumps(self.old))
        for change in self.changes:
            template = changed(template, change)
        return dict(template)


def _set(at: str, value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - JSON
    return {"at": at, "value": value}


def _remove(at: str) -> Mapping[str, Any]:
    return {"at": at, "remove": True}


_REPLACE: Final = "the configuration is replaced"
_PLAIN_CHANGE: Final = "a changed property"
CASES: Final = (
    Case(
        "instance type of a scaled variant",
        _SCALED,
        (_set(f"{_VARIANTS}[0].InstanceType", "ml.g5.xlarge"),),
        _REPLACE,
    ),
    Case("model", _PLAIN, (_set(f"{_VARIANTS}[0].ModelName", "fraud-8"),), _REPLACE),
    Case(
        "initial instance count, with retained counts",
        _template(Config=_config(), Endpoint=_RETAIN),
        (_set(f"{_VARIANTS}[0].InitialInstanceCount", 5),),
        _REPLACE,
    ),
    Case(
        "name of a scaled variant",
        _SCALED,
        (
            _set(f"{_VARIANTS}[0].VariantName", "current"),
            _remove("Resources.Target"),
            _set("Resources.NewTarget", _TARGET),
            _set(
                "Resources.NewTarget.Properties.ResourceId",
                {"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/current"},
            ),
        ),
        "target destroyed and created; the configuration is replaced",
    ),
    Case(
        "construct id of an endpoint",
        _PLAIN,
        (_remove("Resources.Endpoint"), _set("Resources.Fraud", _endpoint())),
        "endpoint destroyed and created",
    ),
    Case(
        "real-time to asynchronous",
        _PLAIN,
        (
            _set(
                "Resources.Config.Properties.AsyncInferenceConfig",
                {"OutputConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/responses"}},
            ),
        ),
        _REPLACE,
    ),
    Case(
        "instances to serverless",
        _PLAIN,
        (
            _set(
                f"{_VARIANTS}[0]",
                {
                    "VariantName": "main",
                    "ModelName": "fraud-7",
                    "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 20},
                },
            ),
        ),
        _REPLACE,
    ),
    Case(
        "scaling removed together with its retained counts, and a new model",
        _SCALED,
        (
            _remove("Resources.Target"),
            _remove(f"{_ENDPOINT}.RetainAllVariantProperties"),
            _set(f"{_VARIANTS}[0].ModelName", "fraud-8"),
        ),
        "target destroyed; a removed property of the endpoint; the configuration is replaced",
    ),
    Case(
        "content of a configuration with a fixed name",
        _NAMED,
        (_set(f"{_VARIANTS}[0].InstanceType", "ml.m5.xlarge"),),
        _REPLACE,
    ),
    Case(
        "name of an endpoint",
        _COMPONENTS,
        (_set(f"{_ENDPOINT}.EndpointName", "fraud-detection"),),
        "the endpoint is replaced",
    ),
    Case(
        "variant of an inference component",
        _COMPONENTS,
        (_set(f"{_COMPONENT}.VariantName", "other"),),
        _PLAIN_CHANGE,
    ),
    Case(
        "memory of an inference component",
        _COMPONENTS,
        (
            _set(
                f"{_COMPONENT}.Specification.ComputeResourceRequirements.MinMemoryRequiredInMb",
                2048,
            ),
        ),
        _PLAIN_CHANGE,
    ),
    Case(
        "configuration under inference components",
        _COMPONENTS,
        (_set(f"{_VARIANTS}[0].InstanceType", "ml.g5.xlarge"),),
        _REPLACE,
    ),
    Case(
        "deployment policy alone",
        _WATCHED,
        (
            _set(
                f"{_ENDPOINT}.DeploymentConfig.BlueGreenUpdatePolicy."
                "TrafficRoutingConfiguration.WaitIntervalInSeconds",
                600,
            ),
        ),
        _PLAIN_CHANGE,
    ),
    Case(
        "name of a rollback alarm",
        _WATCHED,
        (_set("Resources.Alarm.Properties.AlarmName", "server-errors"),),
        "the alarm is replaced",
    ),
)


def report_of(case: Case) -> UpdateReport:
    """Return the comparison of the templates of a case."""
    sides = [TemplateInput(template=each) for each in (case.old, case.new())]
    return review_update(sides[:1], sides[1:])


def table() -> str:
    """Return the table of all cases."""
    return _HEAD + "".join(
        f"| {case.title} | {case.cdk} | {'; '.join(_shown(report_of(case)))} |\n" for case in CASES
    )


def _shown(report: UpdateReport) -> Iterator[str]:
    for finding in report.findings:
        yield f"{finding.severity} `{finding.rule_id}`"
    for plan in report.plans:
        yield f"endpoint {effect(plan)}"
        for each in plan.demand:
            yield f"{each.peak} {each.instance_type} at peak"
    for note in report.notes:
        yield note.text


def generate_changes() -> dict[str, str]:
    """Return the text of the page with the current table, by its path in the repository.

    Raises:
        ToolError: The page has no place for the table.
    """
    text = (_ROOT / PAGE).read_text("utf-8")
    return {PAGE: with_table(text, table(), PAGE)}

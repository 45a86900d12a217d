"""Rules of alarms and the endpoints that they watch: that what they name is there and published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog.metrics import Feature, PublishedMetric, is_published_by
from cdk_epc.rules._metric_lookup import (
    ENDPOINT_NAME,
    VARIANT_NAME,
    config_watched,
    published,
    types_watched,
    variant_names,
    variants_watched,
)
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import ServerlessConfig
from cdk_epc.spec.alarm import MetricUse
from cdk_epc.spec.context import AlarmContext, ConfigContext
from cdk_epc.spec.endpoint_config import endpoint_kind_of
from cdk_epc.spec.unresolved import Unresolved, is_text

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html"
_RETURNS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-sagemaker-endpoint.html"
)
_ARNS: Final = {
    ENDPOINT_NAME: ("AWS::SageMaker::Endpoint", {None, "EndpointArn"}),
    "EndpointConfigName": ("AWS::SageMaker::EndpointConfig", {None, "EndpointConfigArn"}),
    "InferenceComponentName": (
        "AWS::SageMaker::InferenceComponent",
        {None, "InferenceComponentArn"},
    ),
}
"""What a dimension names, and the references to it that are its ARN."""


@rule(
    id="alarm-dimension-is-arn",
    title="An alarm names what it watches, and gives no ARN",
    why="Metrics are kept by names, and Ref of an endpoint or a component is its ARN: "
    "CloudWatch finds no data, and the alarm never goes off.",
    fix="Take Fn::GetAtt with EndpointName, or the literal name.",
    evidence=Evidence.DOCUMENTED,
    source_url=_RETURNS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_dimension_is_arn(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.uses():
        for path, name, value in use.dimensions():
            if name in _ARNS and _is_arn(value, *_ARNS[name]):
                yield Violation(
                    path=path,
                    got=value,
                    must="be a name because metrics are kept by the name",
                    fix=_named_instead(name),
                )


def _is_arn(value: object, type_: str, attributes: set[str | None]) -> bool:
    if isinstance(value, Unresolved):
        reference = value.refers_to
        return (
            reference is not None and reference.type == type_ and reference.attribute in attributes
        )
    return isinstance(value, str) and value.startswith("arn:")


def _named_instead(dimension: str) -> str:
    if dimension == "InferenceComponentName":
        return "Give the component a name, and write the same here: a component has no name to get."
    return f'Take Fn::GetAtt with "{dimension}": Ref gives the ARN.'


@rule(
    id="alarm-endpoint-name-misspelt",
    title="An alarm spells the name of its endpoint as the endpoint does",
    why="SageMaker takes two spellings for one name, and CloudWatch tells them apart.",
    fix="Spell it alike, capitals included.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_endpoint_name_misspelt(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.uses():
        for path, _, value in use.dimensions():
            if path in subject.spelt:
                name = subject.spelt[path]
                yield Violation(
                    path=path,
                    got=value,
                    must=f"be {name!r}, as the endpoint is called",
                    fix=f"Write {name}.",
                )


@rule(
    id="alarm-variant-unknown",
    title="An alarm names a variant that its endpoint has",
    why="There is one metric for each variant, by its own name. AllTraffic is no more than the "
    "name that AWS's SDK gives to a variant, although a page of the guide says otherwise.",
    fix="Name a variant of the configuration, and make one alarm for each.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}monitoring-cloudwatch.html",
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_variant_unknown(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.uses():
        config = config_watched(subject, use)
        names = None if config is None else variant_names(config)
        for path, name, value in use.dimensions():
            is_known = is_text(value)
            if name == VARIANT_NAME and names and is_known and value not in names:
                yield Violation(
                    path=path,
                    got=value,
                    must=f"be a variant of the endpoint: {', '.join(sorted(names))}",
                    fix="Name a variant; there is one metric for each, and none for all traffic.",
                )


@rule(
    id="alarm-metric-unpublished",
    title="An alarm watches a metric that its endpoint publishes",
    why="The guide's lists for asynchronous and for serverless endpoints lack many metrics, "
    "such as Invocations of asynchronous ones; others need a GPU, an explainer or provisioned "
    "concurrency. Without data the alarm never goes off.",
    fix="Take a metric that this kind of endpoint publishes.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}async-inference-monitor.html",
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_metric_unpublished(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.uses():
        metric, config = published(use), config_watched(subject, use)
        if metric is None or config is None:
            continue
        hosting = endpoint_kind_of(config.config)
        if not is_published_by(metric, hosting):
            reason = f"those of its kind, {hosting}, do not publish this one"
        elif (lacks := _lack(subject, use, metric, config)) is not None:
            reason = lacks
        else:
            continue
        yield Violation(
            path=(*use.path, "metric_name"),
            got=metric.name,
            must=f"be a metric that the endpoint publishes because {reason}",
            fix="Take another metric.",
        )


def _lack(
    subject: AlarmContext, use: MetricUse, metric: PublishedMetric, config: ConfigContext
) -> str | None:
    """What the endpoint lacks that publishes the metric."""
    if metric.needs is Feature.EXPLAINER and config.config.explainer_config is None:
        return "it has no explainer"
    if metric.needs is Feature.GPU:
        types = types_watched(subject, use)
        if types and all(each.gpus == 0 for each in types):
            return f"{types[0]} has no GPU"
    if metric.needs is Feature.PROVISIONED_CONCURRENCY:
        configs = [each.serverless_config for each in variants_watched(subject, use)]
        if configs and all(
            isinstance(each, ServerlessConfig) and each.provisioned_concurrency is None
            for each in configs
        ):
            return "its variant has no provisioned concurrency"
    return None


RULES: Final = (
    alarm_dimension_is_arn,
    alarm_endpoint_name_misspelt,
    alarm_variant_unknown,
    alarm_metric_unpublished,
)

"""Rules of alarms and their endpoints: names, variants and published metrics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog.metrics import Feature, PublishedMetric, is_published_by
from cdk_epc.rules._metric_lookup import (
    ENDPOINT_NAME,
    ENDPOINT_PHRASES,
    VARIANT_NAME,
    monitored_config,
    monitored_types,
    monitored_variants,
    published,
    variant_names,
)
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import ServerlessConfig
from cdk_epc.spec.alarm import MetricUse
from cdk_epc.spec.context import AlarmContext, ConfigContext
from cdk_epc.spec.endpoint_config import endpoint_kind_of
from cdk_epc.spec.unresolved import Unresolved, is_string

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
"""Resource type of each dimension, and the attributes that return its ARN; ``None`` is Ref."""


@rule(
    id="alarm-dimension-is-arn",
    title="A dimension of an alarm should be a name, not an ARN",
    why="CloudWatch stores metrics by name, and Ref of an endpoint or a component returns its ARN. "
    "CloudWatch finds no data, and the alarm never goes off.",
    fix="Use Fn::GetAtt with EndpointName, or write the name.",
    evidence=Evidence.DOCUMENTED,
    source_url=_RETURNS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_dimension_is_arn(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.metric_uses():
        for path, name, value in use.dimensions():
            if name in _ARNS and _is_arn(value, *_ARNS[name]):
                yield Violation(
                    path=path,
                    got=value,
                    must="be a name because CloudWatch stores metrics by name, not by ARN",
                    fix=_fix_of_arn(name),
                )


def _is_arn(value: object, type_: str, attributes: set[str | None]) -> bool:
    if isinstance(value, Unresolved):
        reference = value.refers_to
        return (
            reference is not None and reference.type == type_ and reference.attribute in attributes
        )
    return isinstance(value, str) and value.startswith("arn:")


def _fix_of_arn(dimension: str) -> str:
    if dimension == "InferenceComponentName":
        return "Give the component a name and write it here; no attribute returns that name."
    return f"Use Fn::GetAtt with {dimension}; Ref returns the ARN."


@rule(
    id="alarm-endpoint-name-misspelt",
    title="An alarm should write the name of its endpoint with the same capitals",
    why="SageMaker ignores the case of endpoint names, but CloudWatch does not: it finds no data, "
    "and the alarm never goes off.",
    fix="Write the name exactly as the endpoint does.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    about=(AlarmContext,),
    requires=("similar_endpoint_names",),
    severity=Severity.WARNING,
)
def alarm_endpoint_name_misspelt(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.metric_uses():
        for path, _, value in use.dimensions():
            if path in subject.similar_endpoint_names:
                name = subject.similar_endpoint_names[path]
                yield Violation(
                    path=path,
                    got=value,
                    must=f"be {name!r}, the name of the endpoint",
                    fix=f"Write {name}.",
                )


@rule(
    id="alarm-variant-unknown",
    title="An alarm should name an existing variant of its endpoint",
    why="Each variant has a metric of its own. AllTraffic is only the default variant name of the "
    "AWS SDK, although a page of AWS's guide says otherwise.",
    fix="Name a variant of the configuration, and create one alarm for each variant.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}monitoring-cloudwatch.html",
    about=(AlarmContext,),
    requires=("endpoints",),
    severity=Severity.WARNING,
)
def alarm_variant_unknown(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.metric_uses():
        config = monitored_config(subject, use)
        names = None if config is None else variant_names(config)
        for path, name, value in use.dimensions():
            is_known = is_string(value)
            if name == VARIANT_NAME and names and is_known and value not in names:
                yield Violation(
                    path=path,
                    got=value,
                    must=f"be a variant of the endpoint: {', '.join(sorted(names))}",
                    fix="Name one of these variants; no metric covers all of them.",
                )


@rule(
    id="alarm-metric-unpublished",
    title="An alarm should watch a metric that its endpoint publishes",
    why="Without data the alarm never goes off. Asynchronous and serverless endpoints do not "
    "publish all metrics: asynchronous ones have no Invocations. Other metrics need a GPU, an "
    "explainer or provisioned concurrency.",
    fix="Use a metric that this kind of endpoint publishes.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}async-inference-monitor.html",
    about=(AlarmContext,),
    requires=("endpoints",),
    severity=Severity.WARNING,
)
def alarm_metric_unpublished(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.metric_uses():
        metric, config = published(use), monitored_config(subject, use)
        if metric is None or config is None:
            continue
        kind = endpoint_kind_of(config.config)
        if kind is not None and not is_published_by(metric, kind):
            sentence = f"metric {metric.name} is not published by {ENDPOINT_PHRASES[kind]}"
        elif (missing := _missing_feature(subject, use, metric, config)) is not None:
            sentence = f"metric {metric.name} needs {metric.requires}, and {missing}"
        else:
            continue
        yield Violation(
            path=(*use.path, "metric_name"),
            got=metric.name,
            sentence=sentence,
            fix="Use a metric that the endpoint publishes.",
        )


def _missing_feature(
    subject: AlarmContext, use: MetricUse, metric: PublishedMetric, config: ConfigContext
) -> str | None:
    """Return a clause such as "the variant has none" if a required feature is surely not used."""
    if metric.requires is Feature.EXPLAINER and config.config.explainer_config is None:
        return "the configuration has none"
    if metric.requires is Feature.GPU:
        types = monitored_types(subject, use)
        if types and all(each.gpus == 0 for each in types):
            return f"{types[0]} has none"
    if metric.requires is Feature.PROVISIONED_CONCURRENCY:
        configs = [each.serverless_config for each in monitored_variants(subject, use)]
        if configs and all(
            isinstance(each, ServerlessConfig) and each.provisioned_concurrency is None
            for each in configs
        ):
            return "the variant has none"
    return None


RULES: Final = (
    alarm_dimension_is_arn,
    alarm_endpoint_name_misspelt,
    alarm_variant_unknown,
    alarm_metric_unpublished,
)

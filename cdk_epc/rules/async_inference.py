"""Rules of asynchronous inference: its variant, its responses and its notifications."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.instances import inf1_types
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    AsyncInferenceConfig,
    AsyncInferenceNotificationConfig,
    AsyncInferenceOutputConfig,
    EndpointConfigSpec,
    Path,
)
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.unresolved import is_resolved, is_unresolved, items_of

_DEVELOPER_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_GUIDE: Final = f"{_DEVELOPER_GUIDE}async-inference.html"
_CREATE: Final = f"{_DEVELOPER_GUIDE}async-inference-create-endpoint-create-endpoint-config.html"
_EXPLAIN: Final = f"{_DEVELOPER_GUIDE}clarify-online-explainability.html"
_RFC: Final = "https://github.com/aws/aws-cdk-rfcs/blob/main/text/0431-sagemaker-l2-endpoint.md"
_NOTIFICATIONS: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_AsyncInferenceNotificationConfig.html"
)
_FIFO: Final = "https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-ordering.html"

_OUTPUT: Final[Path] = ("async_inference_config", "output_config")
_NOTIFICATION: Final[Path] = (*_OUTPUT, "notification_config")
_RESPONSES: Final[Path] = (*_NOTIFICATION, "include_inference_response_in")
_TOPICS: Final = {
    "SUCCESS_NOTIFICATION_TOPIC": "success_topic",
    "ERROR_NOTIFICATION_TOPIC": "error_topic",
}
"""Member of the topic for each value of ``IncludeInferenceResponseIn``."""


def _output(spec: EndpointConfigSpec) -> AsyncInferenceOutputConfig | None:
    config = spec.async_inference_config
    output = config.output_config if isinstance(config, AsyncInferenceConfig) else None
    return output if isinstance(output, AsyncInferenceOutputConfig) else None


def _notification(spec: EndpointConfigSpec) -> AsyncInferenceNotificationConfig | None:
    output = _output(spec)
    config = output.notification_config if output else None
    return config if isinstance(config, AsyncInferenceNotificationConfig) else None


def _topics(spec: EndpointConfigSpec) -> Iterator[tuple[Path, str]]:
    """Yield the ARN of each known topic with its path."""
    notification = _notification(spec)
    if notification is not None:
        for name in _TOPICS.values():
            arn = getattr(notification, name)
            if isinstance(arn, str) and not is_unresolved(arn):
                yield (*_NOTIFICATION, name), arn


@rule(
    id="async-on-inf1",
    title="Asynchronous inference must not run on Inf1 instances",
    why="The guide excludes all that the deployment guardrails exclude, and Inf1 is one of these.",
    fix="Use another instance type, for example of the Inf2 family.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("async_inference_config",),
    eager=True,
    facts=("ASY.NO_INF1",),
)
def async_on_inf1(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.async_inference_config):
        for path, name in inf1_types(spec):
            yield Violation(
                path=path,
                got=name,
                not_allowed="with asynchronous inference",
                fix="Use another instance type, for example of the Inf2 family.",
            )


@rule(
    id="async-several-variants",
    title="An asynchronous endpoint should have one production variant",
    why="AWS's design for the CDK allows a single variant on instances, and the guide excludes "
    "all that the deployment guardrails exclude.",
    fix="Move the other variants to other configurations, or use a real-time endpoint.",
    evidence=Evidence.DOCUMENTED,
    source_url=_RFC,
    requires=("async_inference_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("ASY.SINGLE_VARIANT",),
)
def async_several_variants(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.async_inference_config) and len(variants := spec.production()) > 1:
        yield Violation(
            path=("production_variants",),
            got=Words(f"{len(variants)} variants"),
            must="have only one because an asynchronous endpoint has a single queue",
            fix="Move the other variants to other configurations.",
        )


@rule(
    id="async-with-explainer",
    title="An explainer should not be used on an asynchronous endpoint",
    why="SageMaker returns explanations in the response to InvokeEndpoint, which an asynchronous "
    "endpoint does not support.",
    fix="Remove the explainer or the asynchronous inference.",
    evidence=Evidence.INFERRED,
    source_url=_EXPLAIN,
    requires=("explainer_config", "async_inference_config"),
    severity=Severity.WARNING,
    eager=True,
    facts=("ASY.NO_EXPLAINER",),
)
def async_with_explainer(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.async_inference_config) and is_resolved(spec.explainer_config):
        yield Violation(
            path=("explainer_config",),
            got=Words("an explainer"),
            not_allowed="on an asynchronous endpoint",
            fix="Remove `explainer_config` or `async_inference_config`.",
        )


@rule(
    id="async-output-path-missing",
    title="Asynchronous inference should have an output path",
    why="The API accepts a configuration without one, but the guide requires the path, to which "
    "SageMaker writes the responses.",
    fix="Set the output path to the S3 URI of a folder for the responses.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREATE,
    requires=("async_inference_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("ASY.OUTPUT_PATH",),
)
def async_output_path_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    output = _output(spec)
    if output is not None and output.s3_output_path is None:
        yield Violation(
            path=(*_OUTPUT, "s3_output_path"),
            required="because SageMaker writes the responses there",
            fix="Set `s3_output_path`, for example to s3://amzn-s3-demo-bucket/responses.",
        )


@rule(
    id="async-response-without-topic",
    title="A response should only be included in a notification that has a topic",
    why="Without a topic SageMaker sends no notification that could include the response.",
    fix="Set the topic of the notification.",
    evidence=Evidence.INFERRED,
    source_url=_NOTIFICATIONS,
    requires=("async_inference_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("ASY.RESPONSE_IN_TOPIC",),
)
def async_response_without_topic(spec: EndpointConfigSpec) -> Iterator[Violation]:
    notification = _notification(spec)
    if notification is None:
        return
    for index, choice in enumerate(items_of(notification.include_inference_response_in)):
        topic = _TOPICS.get(choice) if isinstance(choice, str) else None
        if topic is not None and getattr(notification, topic) is None:
            yield Violation(
                path=(*_RESPONSES, index),
                got=choice,
                not_allowed=f"without `{topic}`",
                fix=f"Set `{topic}`, or remove {choice}.",
            )


@rule(
    id="async-topic-fifo",
    title="Notifications should go to a standard topic",
    why="An SNS FIFO topic refuses a message without a message group, and SageMaker sets none.",
    fix="Use a standard topic.",
    evidence=Evidence.INFERRED,
    source_url=_FIFO,
    requires=("async_inference_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("ASY.FIFO_TOPIC",),
)
def async_topic_fifo(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, arn in _topics(spec):
        if arn.endswith(".fifo"):
            yield Violation(
                path=path,
                got=arn,
                must="be a standard topic because SageMaker sets no message group",
                fix="Use a standard topic.",
            )


@rule(
    id="async-topic-other-region",
    title="Notifications should go to a topic in the endpoint's region",
    why="SageMaker publishes a test message when it creates the endpoint, and SNS accepts "
    "messages in the topic's own region only.",
    fix="Use a topic in the region of the endpoint.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=(ConfigContext,),
    requires=("async_inference_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("ASY.SNS_SAME_REGION",),
)
def async_topic_other_region(context: ConfigContext) -> Iterator[Violation]:
    region = context.region
    if region is None or is_unresolved(region):
        return
    for path, arn in _topics(context.config):
        parts = arn.split(":")
        if len(parts) == 6 and parts[3] and parts[3] != region:  # noqa: PLR2004 - an ARN's parts
            yield Violation(
                path=path,
                got=arn,
                must=f"be a topic in {region}, the region of the endpoint",
                fix=f"Use a topic in {region}.",
            )


RULES: Final = (
    async_on_inf1,
    async_several_variants,
    async_with_explainer,
    async_output_path_missing,
    async_response_without_topic,
    async_topic_fifo,
    async_topic_other_region,
)

"""Rules of asynchronous inference: its variant, where the answers go, and who hears of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

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

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html"
_RFC: Final = "https://github.com/aws/aws-cdk-rfcs/blob/main/text/0431-sagemaker-l2-endpoint.md"
_CREATE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/"
    "async-inference-create-endpoint-create-endpoint-config.html"
)
_NOTIFY: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_AsyncInferenceNotificationConfig.html"
)
_EXPLAIN: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-online-explainability.html"
)
_FIFO: Final = "https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-ordering.html"

_OUTPUT: Final[Path] = ("async_inference_config", "output_config")
_NOTIFICATION: Final[Path] = (*_OUTPUT, "notification_config")
_TOPICS: Final = {
    "SUCCESS_NOTIFICATION_TOPIC": "success_topic",
    "ERROR_NOTIFICATION_TOPIC": "error_topic",
}
_WIRE: Final = {"success_topic": "SuccessTopic", "error_topic": "ErrorTopic"}


def _output(spec: EndpointConfigSpec) -> AsyncInferenceOutputConfig | None:
    given = spec.async_inference_config
    output = given.output_config if isinstance(given, AsyncInferenceConfig) else None
    return output if isinstance(output, AsyncInferenceOutputConfig) else None


def _notification(spec: EndpointConfigSpec) -> AsyncInferenceNotificationConfig | None:
    output = _output(spec)
    given = output.notification_config if output else None
    return given if isinstance(given, AsyncInferenceNotificationConfig) else None


def _topics(spec: EndpointConfigSpec) -> Iterator[tuple[Path, str]]:
    notification = _notification(spec)
    if notification is not None:
        for name in _TOPICS.values():
            arn = getattr(notification, name)
            if isinstance(arn, str) and not is_unresolved(arn):
                yield (*_NOTIFICATION, name), arn


@rule(
    id="async-several-variants",
    title="An asynchronous endpoint has one production variant",
    why="Asynchronous endpoints were built for a single variant on instances, and the guide "
    "rules out what the deployment guardrails rule out.",
    fix="Give each variant an endpoint of its own, or answer within the call.",
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
            must="be one variant because an asynchronous endpoint has a single queue",
            fix="Give the other variants configurations of their own.",
        )


@rule(
    id="async-with-explainer",
    title="An asynchronous endpoint has no explainer",
    why="Explanations come with the answer of InvokeEndpoint, which an asynchronous endpoint "
    "does not give.",
    fix="Take one of the two out.",
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
            not_allowed="because explanations are for real-time endpoints",
            fix="Take the explainer or the asynchronous inference out.",
        )


@rule(
    id="async-output-path-missing",
    title="Asynchronous inference says where its answers go",
    why="The API takes a configuration without; the guide asks for the path, and each answer "
    "is found there.",
    fix="Give the S3 URI of a folder for the answers.",
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
            got=None,
            must="be an S3 URI for the answers",
            fix="Say where the answers go, for example s3://amzn-s3-demo-bucket/answers.",
        )


@rule(
    id="async-response-without-topic",
    title="The response is included in a notification that is sent",
    why="Without a topic no notification is sent, so there is none to include it in.",
    fix="Give the topic that the response is to be included in.",
    evidence=Evidence.INFERRED,
    source_url=_NOTIFY,
    requires=("async_inference_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("ASY.RESPONSE_IN_TOPIC",),
)
def async_response_without_topic(spec: EndpointConfigSpec) -> Iterator[Violation]:
    notification = _notification(spec)
    if notification is None:
        return
    for index, word in enumerate(items_of(notification.include_inference_response_in)):
        name = _TOPICS.get(word) if isinstance(word, str) else None
        if name is not None and getattr(notification, name) is None:
            yield Violation(
                path=(*_NOTIFICATION, "include_inference_response_in", index),
                got=word,
                not_allowed=f"because {_WIRE[name]} is not given",
                fix=f"Give {_WIRE[name]}, or take {word} out.",
            )


@rule(
    id="async-response-repeated",
    title="Each notification is named once for the response",
    why="There are two of them, and the list holds two: the other one was probably meant.",
    fix="Name each topic once.",
    evidence=Evidence.INFERRED,
    source_url=_NOTIFY,
    requires=("async_inference_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("ASY.RESPONSE_IN_UNIQUE",),
)
def async_response_repeated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    notification = _notification(spec)
    if notification is None:
        return
    seen: set[str] = set()
    for index, word in enumerate(items_of(notification.include_inference_response_in)):
        if not isinstance(word, str) or is_unresolved(word):
            continue
        if word in seen:
            yield Violation(
                path=(*_NOTIFICATION, "include_inference_response_in", index),
                got=word,
                must="be each topic once",
                fix="Keep one of the two.",
            )
        seen.add(word)


@rule(
    id="async-topic-fifo",
    title="Notifications go to a standard topic",
    why="A FIFO topic takes no message without a message group, and SageMaker names none.",
    fix="Take a standard topic.",
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
                must="be a standard topic",
                fix="Take a standard topic, and let it feed a queue where order matters.",
            )


@rule(
    id="async-topic-other-region",
    title="Notifications go to a topic in the endpoint's region",
    why="SageMaker publishes a test message when the endpoint is created, and SNS takes "
    "messages in the topic's own region only.",
    fix="Take a topic in the region of the stack.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=(ConfigContext,),
    requires=("async_inference_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("ASY.SNS_SAME_REGION",),
)
def async_topic_other_region(place: ConfigContext) -> Iterator[Violation]:
    here = place.region
    if here is None or is_unresolved(here):
        return
    for path, arn in _topics(place.config):
        parts = arn.split(":")
        if len(parts) == 6 and parts[3] and parts[3] != here:  # noqa: PLR2004 - an ARN's parts
            yield Violation(
                path=path,
                got=arn,
                must=f"be a topic in {here}, where the endpoint is",
                fix=f"Take a topic in {here}, and let it pass the messages on.",
            )


RULES: Final = (
    async_several_variants,
    async_with_explainer,
    async_output_path_missing,
    async_response_without_topic,
    async_response_repeated,
    async_topic_fifo,
    async_topic_other_region,
)

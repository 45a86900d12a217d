"""Errors that only a method call can cause; the method raises them."""

from __future__ import annotations

from typing import Final

from cdk_epc.rules.rule import CallError, Evidence

_DEVELOPER_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_AUTO_SCALING: Final = "https://docs.aws.amazon.com/autoscaling/application/APIReference/"

# All resources

ARGUMENT_TYPE: Final = CallError(
    id="argument-type-wrong",
    title="An argument must have the type that its method declares",
    why="A bare number has no unit, and an object of another type cannot be rendered.",
    fix="Pass the declared type: a Duration, a Size, a construct or a value class of this library.",
)
GIVEN_TWICE: Final = CallError(
    id="feature-repeated",
    title="A feature must be configured only once",
    why="A second call would replace the configuration of the first.",
    fix="Pass the whole configuration of the feature in one call.",
)
RULE_ID_TAKEN: Final = CallError(
    id="rule-id-repeated",
    title="Every rule must have a different id",
    why="Findings and acknowledgements of two rules with one id cannot be distinguished.",
    fix="Begin the ids of your rules with a word of your own, for example the team's name.",
)

CUSTOM_RULE_FAILED: Final = CallError(
    id="custom-rule-failed",
    title="The check of a custom rule must return violations",
    why="The rule raises an exception, returns something else, yields violations without end, or "
    "changes its subject. It is left out for this resource; all other rules apply.",
    fix="Correct the check of the rule.",
)

# Models

IMAGE_PUBLISHED: Final = CallError(
    id="image-unpublished",
    title="A SageMaker image must be published with its tag in the region of the stack",
    why="Each family of images has one registry for each region; for another name or region, the "
    "registry is not known. With another tag, SageMaker finds no image and the model or the "
    "endpoint fails.",
    fix="Correct the name or the tag, or pass the URI of an image that is newer than this library.",
)
IMAGE_NOT_FOR_INFERENCE: Final = CallError(
    id="image-family-not-for-inference",
    title="A SageMaker image of a model must be for inference",
    why="An image for training or processing has no server. The endpoint fails after some minutes "
    "because the program `serve` is not found, or because the health check gets no response.",
    fix="Use the family for inference, for example pytorch-inference in place of pytorch-training.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/sagemaker-huggingface-inference-toolkit/issues/45",
)
MODEL_ASSET: Final = CallError(
    id="model-asset-not-archive",
    title="A model asset must be a folder or a .tar.gz archive",
    why="The CDK uploads a file unchanged, and SageMaker unpacks .tar.gz archives only. A folder "
    "is packed by this library.",
    fix="Pass the folder of the artifacts, or pack it: tar -czf model.tar.gz -C FOLDER .",
)
VPC_CONNECTIONS: Final = CallError(
    id="vpc-connections-unknown",
    title="A resource must have a VPC construct before its connections are used",
    why="Without security group constructs there are no connections to allow.",
    fix="Pass the VPC construct as vpc.",
)

# Endpoint configurations and endpoints

NAME_AND_PREFIX: Final = CallError(
    id="name-with-prefix",
    title="A configuration must not have both a name and a name prefix",
    why="The prefix is the beginning of a generated name.",
    fix="Keep one. With a prefix, CloudFormation can replace the configuration.",
)
NAME_PREFIX: Final = CallError(
    id="name-prefix-invalid",
    title="A name prefix must begin like a name and leave room for the hash",
    why="SageMaker must accept the generated name, which is the prefix, a hyphen and a hash.",
    fix="Begin and end the prefix with a letter or a digit, use hyphens only in between, and "
    "shorten it.",
)
NOT_HOSTED_ONCE: Final = CallError(
    id="variant-endpoint-ambiguous",
    title="A variant handle must belong to one endpoint before it is scaled or measured",
    why="Scaling and metrics belong to the endpoint. Without an endpoint there are none, and with "
    "several the handle is ambiguous.",
    fix="Create the Endpoint first. With several endpoints, use endpoint.variant(name).",
)
VARIANT_UNKNOWN: Final = CallError(
    id="endpoint-variant-unknown",
    title="A variant of an endpoint must be in its configuration",
    why="SageMaker publishes no metrics for another name, and Application Auto Scaling cannot "
    "scale it.",
    fix="Use the name of a variant in the configuration, or its handle.",
)
GRANT_UNFIT: Final = CallError(
    id="grant-not-supported",
    title="A grant must fit the kind of endpoint",
    why="SageMaker refuses InvokeEndpoint on an asynchronous endpoint and InvokeEndpointAsync on "
    "every other. A request can name a model or a component only where there are several.",
    fix="Use the grant for this kind of endpoint.",
)

# Metrics and alarms

NOT_PUBLISHED: Final = CallError(
    id="metric-unpublished",
    title="A metric must be one that the resource publishes",
    why="CloudWatch has no data for another metric: its graph stays empty, its alarm never fires, "
    "and its policy never scales. The guide's lists for asynchronous and serverless endpoints are "
    "exhaustive.",
    fix="Use a metric that this kind of endpoint publishes.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_DEVELOPER_GUIDE}monitoring-cloudwatch.html",
)
VARIANTS_UNKNOWN: Final = CallError(
    id="metric-variants-unknown",
    title="A metric of a whole endpoint must be computed from known variants",
    why="CloudWatch identifies a metric by all its dimensions, and SageMaker publishes none for "
    "all variants together. AllTraffic is only the name of a variant in AWS's SDK.",
    fix="Use the metric of a variant: endpoint.variant(name).",
)
THRESHOLD: Final = CallError(
    id="alarm-threshold-out-of-range",
    title="The threshold of a recommended alarm must be one that its metric can cross",
    why="A share of requests never exceeds 1, so that an alarm on a larger threshold never fires.",
    fix="Write shares as numbers between 0 and 1, and counts as 1 or more.",
)

# Scaling

SCALED_TWICE: Final = CallError(
    id="scaling-repeated",
    title="A variant or component must be scaled only once",
    why="Application Auto Scaling has one scalable target for each, and a second one would replace "
    "the first.",
    fix="Keep the object that the first call returned, and add policies to it.",
)
SCALING_TARGET: Final = CallError(
    id="scaling-target-ambiguous",
    title="The target value of a policy must be given in exactly one way",
    why="Two values may contradict each other, and without any the policy has no target.",
    fix="Pass the target value, or the values from which it is computed.",
)
SCALING_STEPS: Final = CallError(
    id="scaling-steps-invalid",
    title="The steps of a policy must change the capacity and not contradict each other",
    why="Otherwise the policy changes nothing, or one alarm adds capacity while another removes "
    "it.",
    fix="Use whole numbers other than 0. Steps that remove capacity must be at lower values than "
    "steps that add some.",
)
SCALING_MACHINE: Final = CallError(
    id="scaling-percent-type-unknown",
    title="The instance type must be known for a target in percent of a whole instance",
    why="CloudWatch counts 100 percent for each vCPU and each GPU, so that the target depends on "
    "the number of these in the instance type.",
    fix="Give the target in CloudWatch's percent: 60 percent of 4 vCPUs are 240.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_DEVELOPER_GUIDE}monitoring-cloudwatch.html",
)
SCALING_METRIC_ELSEWHERE: Final = CallError(
    id="scaling-metric-other-region",
    title="A scaling metric must be in the account and region of the stack",
    why="A scaling policy cannot name another account or region, so that it would use a metric of "
    "the same name in its own, or none.",
    fix="Publish the metric in the account and region of the endpoint.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_AUTO_SCALING}API_CustomizedMetricSpecification.html",
)
WAKE_UP_UNHEARD: Final = CallError(
    id="scale-from-zero-not-supported",
    title="Scaling from zero must be used on an asynchronous endpoint or an inference component",
    why="No other resource scales to zero, or publishes a metric of requests that wait for "
    "capacity.",
    fix="Remove the scaling from zero.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_DEVELOPER_GUIDE}endpoint-auto-scaling-zero-instances.html",
)


CALL_ERRORS: Final = (
    ARGUMENT_TYPE,
    GIVEN_TWICE,
    RULE_ID_TAKEN,
    CUSTOM_RULE_FAILED,
    IMAGE_PUBLISHED,
    IMAGE_NOT_FOR_INFERENCE,
    MODEL_ASSET,
    VPC_CONNECTIONS,
    NAME_AND_PREFIX,
    NAME_PREFIX,
    NOT_HOSTED_ONCE,
    VARIANT_UNKNOWN,
    GRANT_UNFIT,
    NOT_PUBLISHED,
    VARIANTS_UNKNOWN,
    THRESHOLD,
    SCALED_TWICE,
    SCALING_TARGET,
    SCALING_STEPS,
    SCALING_MACHINE,
    SCALING_METRIC_ELSEWHERE,
    WAKE_UP_UNHEARD,
)

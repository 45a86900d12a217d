"""Errors that only a method call can cause, so that no spec shows them."""

from __future__ import annotations

from typing import Final

from cdk_epc.rules.rule import CallError, Evidence

_DEVELOPER_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"

ARGUMENT_TYPE: Final = CallError(
    id="argument-type-wrong",
    title="An argument has the type that its method asks for",
    why="A bare number would leave the unit open; another object cannot be rendered.",
    fix="Give what the method's signature says: a Duration, a Size, a construct or a value "
    "class of this library.",
    evidence=Evidence.OURS,
)
GIVEN_TWICE: Final = CallError(
    id="feature-repeated",
    title="A feature is configured once",
    why="The second call would silently undo the first.",
    fix="Give everything about the feature in one call.",
    evidence=Evidence.OURS,
)
IMAGE_PUBLISHED: Final = CallError(
    id="image-unpublished",
    title="An image of SageMaker's own is one that is published, in the stack's region",
    why="Each family has its accounts, one in each region; of another name or in another region "
    "nobody knows whose registry has the image.",
    fix="Correct the name or the tag; an image that is newer than this library is given by its "
    "URI.",
    evidence=Evidence.OURS,
)
MODEL_ASSET: Final = CallError(
    id="model-asset-not-archive",
    title="Artifacts that are uploaded with the app are a folder or one packed archive",
    why="A folder is packed as SageMaker unpacks it, and a file is uploaded as it is; SageMaker "
    "unpacks a .tar.gz alone.",
    fix="Give the folder of the artifacts, or pack them: tar -czf model.tar.gz -C FOLDER .",
    evidence=Evidence.OURS,
)
MODEL_CONNECTIONS: Final = CallError(
    id="model-without-vpc-connections",
    title="A model that is asked for its connections is in a VPC, by its constructs",
    why="Without a security group there is nothing to allow.",
    fix="Give the model a VpcPlacement.",
    evidence=Evidence.OURS,
)
NAME_AND_PREFIX: Final = CallError(
    id="name-with-prefix",
    title="A configuration has a name or a name prefix, not both",
    why="The prefix makes a name of its own.",
    fix="Keep one; a prefix lets the configuration be replaced.",
    evidence=Evidence.OURS,
)
NAME_PREFIX: Final = CallError(
    id="name-prefix-invalid",
    title="A name prefix leaves room for the hash and begins like a name",
    why="The name that comes of it must be one that SageMaker takes.",
    fix="Begin and end it with a letter or a digit, use hyphens in between only, and keep it "
    "short.",
    evidence=Evidence.OURS,
)
NOT_HOSTED_ONCE: Final = CallError(
    id="variant-endpoint-ambiguous",
    title="A variant that is scaled or measured by its handle runs on one endpoint",
    why="Scaling and metrics are the endpoint's: without one there are none, and of several nobody "
    "could say which is meant.",
    fix="Make the Endpoint first; of several, ask the one that is meant for its variant.",
    evidence=Evidence.OURS,
)
RULE_ID_TAKEN: Final = CallError(
    id="rule-id-repeated",
    title="A rule of one's own has an id of its own",
    why="Under the id of another it could be taken for that one, or acknowledged with it.",
    fix="Begin the ids of your own rules with a word of your own.",
    evidence=Evidence.OURS,
)
GRANT_UNFIT: Final = CallError(
    id="grant-not-supported",
    title="A caller is allowed what this kind of endpoint can be asked",
    why="SageMaker refuses InvokeEndpoint on an asynchronous endpoint and InvokeEndpointAsync on "
    "any other; a model or a component can be named only where there are several.",
    fix="Take the grant for the kind of endpoint that it is.",
    evidence=Evidence.OURS,
)
VARIANT_UNKNOWN: Final = CallError(
    id="endpoint-variant-unknown",
    title="A variant that an endpoint is asked for is one of its configuration",
    why="Metrics and scaling of another name would be of nothing.",
    fix="Name a variant of the configuration, or give its handle.",
    evidence=Evidence.OURS,
)


NOT_PUBLISHED: Final = CallError(
    id="metric-unpublished",
    title="A metric is asked of what publishes it",
    why="CloudWatch has no data under such a name: a graph stays empty, an alarm never fires, and "
    "nothing scales. The guide's lists for asynchronous and for serverless endpoints are "
    "exhaustive.",
    fix="Ask for one of the metrics that this kind of endpoint publishes.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_DEVELOPER_GUIDE}monitoring-cloudwatch.html",
)
VARIANTS_UNKNOWN: Final = CallError(
    id="metric-variants-unknown",
    title="A metric of a whole endpoint is made of those of variants that are known",
    why="CloudWatch finds a metric by exactly its dimensions, and there is none for all variants "
    "together; AllTraffic is the name that AWS's SDK gives to a variant.",
    fix="Ask the variant: endpoint.variant(name).",
    evidence=Evidence.OURS,
)
THRESHOLD: Final = CallError(
    id="alarm-threshold-out-of-range",
    title="The threshold of a recommended alarm can be passed, and is not passed always",
    why="A share of requests is never above 1, and an alarm on more than that never goes off.",
    fix="Write shares as numbers between 0 and 1, counts as 1 or more.",
    evidence=Evidence.OURS,
)


SCALED_TWICE: Final = CallError(
    id="scaling-repeated",
    title="What is scaled is scaled once",
    why="Application Auto Scaling knows one target for a variant or a component; the second would "
    "undo the first.",
    fix="Keep what the first call gave back, and add policies to that.",
    evidence=Evidence.OURS,
)
SCALING_MACHINE: Final = CallError(
    id="scaling-percent-type-unknown",
    title="A percentage of the whole machine is of a machine that is known",
    why="CloudWatch counts 100 percent for each vCPU and each GPU, so that the target depends on "
    "how many of them the instance type has.",
    fix="Give the target as CloudWatch counts: 60 percent of 4 vCPUs are 240.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_DEVELOPER_GUIDE}monitoring-cloudwatch.html",
)
SCALING_METRIC_ELSEWHERE: Final = CallError(
    id="scaling-metric-other-region",
    title="A metric that scales is of the stack's own account and region",
    why="A scaling policy has no place for another, so that it would look at a metric of the same "
    "name here, or at none.",
    fix="Publish the metric in the account and region of the endpoint as well.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/autoscaling/application/APIReference/"
    "API_CustomizedMetricSpecification.html",
)
SCALING_STEPS: Final = CallError(
    id="scaling-steps-invalid",
    title="Steps say for each value of a metric how the capacity changes, and agree",
    why="Otherwise there is nothing to do, or one alarm adds while another takes away.",
    fix="Give whole numbers other than 0, those that take away at lower values than those that "
    "add.",
    evidence=Evidence.OURS,
)
SCALING_TARGET: Final = CallError(
    id="scaling-target-ambiguous",
    title="The target of a policy is given in one way",
    why="Of two values nobody could say which is meant, and without any there is none.",
    fix="Give the target itself, or what it is worked out from.",
    evidence=Evidence.OURS,
)
WAKE_UP_UNHEARD: Final = CallError(
    id="scale-from-zero-not-supported",
    title="What wakes up is an asynchronous endpoint or an inference component",
    why="No other publishes that somebody waits while there is no capacity, and no other comes "
    "down to none.",
    fix="Take the wake-up out.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_DEVELOPER_GUIDE}endpoint-auto-scaling-zero-instances.html",
)


CALL_ERRORS: Final = (
    ARGUMENT_TYPE,
    GIVEN_TWICE,
    GRANT_UNFIT,
    IMAGE_PUBLISHED,
    MODEL_ASSET,
    MODEL_CONNECTIONS,
    NAME_AND_PREFIX,
    NAME_PREFIX,
    NOT_HOSTED_ONCE,
    RULE_ID_TAKEN,
    VARIANT_UNKNOWN,
    SCALED_TWICE,
    SCALING_MACHINE,
    SCALING_METRIC_ELSEWHERE,
    SCALING_STEPS,
    SCALING_TARGET,
    WAKE_UP_UNHEARD,
    NOT_PUBLISHED,
    VARIANTS_UNKNOWN,
    THRESHOLD,
)

"""Rules of calls on the construct, which no spec can show."""

from __future__ import annotations

from typing import Final

from cdk_epc.rules import monitoring, scaling_calls
from cdk_epc.rules.rule import Evidence, broken_by_call

ARGUMENT_TYPE: Final = broken_by_call(
    id="argument-type",
    title="An argument has the type that its method asks for",
    why="A bare number would leave the unit open; another object cannot be rendered.",
    mend="Give what the method's signature says: a Duration, a Size, a construct or a value "
    "class of this library.",
    evidence=Evidence.OURS,
)
GIVEN_TWICE: Final = broken_by_call(
    id="given-twice",
    title="A feature is configured once",
    why="The second call would silently undo the first.",
    mend="Give everything about the feature in one call.",
    evidence=Evidence.OURS,
)
IMAGE_PUBLISHED: Final = broken_by_call(
    id="image-published",
    title="An image of SageMaker's own is one that is published, in the stack's region",
    why="Each family has its accounts, one in each region; of another name or in another region "
    "nobody knows whose registry has the image.",
    mend="Correct the name or the tag; an image that is newer than this library is given by its "
    "URI.",
    evidence=Evidence.OURS,
)
MODEL_ASSET: Final = broken_by_call(
    id="model-asset-packed",
    title="Artifacts that are uploaded with the app are a folder or one packed archive",
    why="A folder is packed as SageMaker unpacks it, and a file is uploaded as it is; SageMaker "
    "unpacks a .tar.gz alone.",
    mend="Give the folder of the artifacts, or pack them: tar -czf model.tar.gz -C FOLDER .",
    evidence=Evidence.OURS,
)
MODEL_CONNECTIONS: Final = broken_by_call(
    id="model-connections",
    title="A model that is asked for its connections is in a VPC, by its constructs",
    why="Without a security group there is nothing to allow.",
    mend="Give the model a VpcPlacement.",
    evidence=Evidence.OURS,
)
NAME_AND_PREFIX: Final = broken_by_call(
    id="name-and-prefix",
    title="A configuration has a name or a name prefix, not both",
    why="The prefix makes a name of its own.",
    mend="Keep one; a prefix lets the configuration be replaced.",
    evidence=Evidence.OURS,
)
NAME_PREFIX: Final = broken_by_call(
    id="name-prefix",
    title="A name prefix leaves room for the hash and begins like a name",
    why="The name that comes of it must be one that SageMaker takes.",
    mend="Begin and end it with a letter or a digit, use hyphens in between only, and keep it "
    "short.",
    evidence=Evidence.OURS,
)
NOT_HOSTED_ONCE: Final = broken_by_call(
    id="variant-hosted-once",
    title="A variant that is scaled or measured by its handle runs on one endpoint",
    why="Scaling and metrics are the endpoint's: without one there are none, and of several nobody "
    "could say which is meant.",
    mend="Make the Endpoint first; of several, ask the one that is meant for its variant.",
    evidence=Evidence.OURS,
)
RULE_ID_TAKEN: Final = broken_by_call(
    id="rule-id-taken",
    title="A rule of one's own has an id of its own",
    why="Under the id of another it could be taken for that one, or acknowledged with it.",
    mend="Begin the ids of your own rules with a word of your own.",
    evidence=Evidence.OURS,
)
GRANT_UNFIT: Final = broken_by_call(
    id="grant-unfit",
    title="A caller is allowed what this kind of endpoint can be asked",
    why="SageMaker refuses InvokeEndpoint on an asynchronous endpoint and InvokeEndpointAsync on "
    "any other; a model or a component can be named only where there are several.",
    mend="Take the grant for the kind of endpoint that it is.",
    evidence=Evidence.OURS,
)
VARIANT_UNKNOWN: Final = broken_by_call(
    id="endpoint-variant-unknown",
    title="A variant that an endpoint is asked for is one of its configuration",
    why="Metrics and scaling of another name would be of nothing.",
    mend="Name a variant of the configuration, or give its handle.",
    evidence=Evidence.OURS,
)
RULES: Final = (
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
    *scaling_calls.RULES,
    *monitoring.RULES,
)

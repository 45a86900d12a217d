"""Rules of calls that scale something, which no spec can show."""

from __future__ import annotations

from typing import Final

from cdk_epc.rules.rule import Evidence, broken_by_call

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"

SCALED_TWICE: Final = broken_by_call(
    id="scaled-twice",
    title="What is scaled is scaled once",
    why="Application Auto Scaling knows one target for a variant or a component; the second would "
    "undo the first.",
    mend="Keep what the first call gave back, and add policies to that.",
    evidence=Evidence.OURS,
)
SCALING_MACHINE: Final = broken_by_call(
    id="scaling-percent-of-machine",
    title="A percentage of the whole machine is of a machine that is known",
    why="CloudWatch counts 100 percent for each vCPU and each GPU, so that the target depends on "
    "how many of them the instance type has.",
    mend="Give the target as CloudWatch counts: 60 percent of 4 vCPUs are 240.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}monitoring-cloudwatch.html",
)
SCALING_METRIC_ELSEWHERE: Final = broken_by_call(
    id="scaling-metric-elsewhere",
    title="A metric that scales is of the stack's own account and region",
    why="A scaling policy has no place for another, so that it would look at a metric of the same "
    "name here, or at none.",
    mend="Publish the metric in the account and region of the endpoint as well.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/autoscaling/application/APIReference/"
    "API_CustomizedMetricSpecification.html",
)
SCALING_STEPS: Final = broken_by_call(
    id="scaling-steps",
    title="Steps say for each value of a metric how the capacity changes, and agree",
    why="Otherwise there is nothing to do, or one alarm adds while another takes away.",
    mend="Give whole numbers other than 0, those that take away at lower values than those that "
    "add.",
    evidence=Evidence.OURS,
)
SCALING_TARGET: Final = broken_by_call(
    id="scaling-target-given-once",
    title="The target of a policy is given in one way",
    why="Of two values nobody could say which is meant, and without any there is none.",
    mend="Give the target itself, or what it is worked out from.",
    evidence=Evidence.OURS,
)
WAKE_UP_UNHEARD: Final = broken_by_call(
    id="wake-up-unheard",
    title="What wakes up is an asynchronous endpoint or an inference component",
    why="No other publishes that somebody waits while there is no capacity, and no other comes "
    "down to none.",
    mend="Take the wake-up out.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}endpoint-auto-scaling-zero-instances.html",
)
RULES: Final = (
    SCALED_TWICE,
    SCALING_MACHINE,
    SCALING_METRIC_ELSEWHERE,
    SCALING_STEPS,
    SCALING_TARGET,
    WAKE_UP_UNHEARD,
)

"""Rules about metrics that are asked of what does not publish them. They are broken by a call."""

from __future__ import annotations

from typing import Final

from cdk_epc.rules.rule import Evidence, broken_by_call

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html"

NOT_PUBLISHED: Final = broken_by_call(
    id="metric-not-published",
    title="A metric is asked of what publishes it",
    why="CloudWatch has no data under such a name: a graph stays empty, an alarm never fires, and "
    "nothing scales. The guide's lists for asynchronous and for serverless endpoints are "
    "exhaustive.",
    mend="Ask for one of the metrics that this kind of endpoint publishes.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
)
VARIANTS_UNKNOWN: Final = broken_by_call(
    id="metric-variants-unknown",
    title="A metric of a whole endpoint is made of those of variants that are known",
    why="CloudWatch finds a metric by exactly its dimensions, and there is none for all variants "
    "together; AllTraffic is the name that AWS's SDK gives to a variant.",
    mend="Ask the variant: endpoint.variant(name).",
    evidence=Evidence.OURS,
)
THRESHOLD: Final = broken_by_call(
    id="alarm-threshold",
    title="The threshold of a recommended alarm can be passed, and is not passed always",
    why="A share of requests is never above 1, and an alarm on more than that never goes off.",
    mend="Write shares as numbers between 0 and 1, counts as 1 or more.",
    evidence=Evidence.OURS,
)
RULES: Final = (NOT_PUBLISHED, VARIANTS_UNKNOWN, THRESHOLD)

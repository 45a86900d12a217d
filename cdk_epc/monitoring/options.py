"""What can be said about a metric when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk.aws_cloudwatch import Unit


class MetricOptions(TypedDict, total=False):
    """How to read a metric. What is left out is as it is published, one point a minute.

    Attributes:
        statistic: ``Average``, ``Sum``, ``p99`` and so on; by default the one that says most.
        period: The time that one point stands for; 1 minute by default.
        label: What it is called in a graph.
        color: Its colour in a graph, ``#`` and six hexadecimal digits.
        unit: Only data of this unit; by default the one that AWS names. With another one, there
            is none.
        account: Another account that it is read from.
        region: Another region that it is read from.
        instance_id: Of one instance; for this and the next two the configuration needs enhanced
            metrics.
        container_id: Of one copy of an inference component.
        accelerator_id: Of one GPU.
    """

    statistic: str
    period: Duration
    label: str
    color: str
    unit: Unit
    account: str
    region: str
    instance_id: str
    container_id: str
    accelerator_id: str

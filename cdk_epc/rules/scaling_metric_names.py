"""Rule on the names and namespaces of the metrics that scaling policies track."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules._metric_lookup import misspelling_of
from cdk_epc.rules._tracked_metrics import custom_metrics
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec.context import ScalingPolicyContext


@rule(
    id="scaling-metric-unknown",
    title="A scaling policy should track a metric that SageMaker publishes",
    why="Application Auto Scaling accepts every name, but its alarms find no data, so that the "
    "capacity never changes.",
    fix="Use the namespace and the name with which SageMaker publishes the metric.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html",
    about=(ScalingPolicyContext,),
    severity=Severity.WARNING,
)
def scaling_metric_unknown(subject: ScalingPolicyContext) -> Iterator[Violation]:
    for path, metric, names in custom_metrics(subject):
        found = misspelling_of(metric.namespace, metric.metric_name, names or frozenset())
        # AWS adds metrics, so that only a misspelling is certain.
        if found is not None and found.correct is not None:
            yield Violation(
                path=(*path, found.member),
                got=found.got,
                must=found.must,
                fix=f"Write {found.correct}.",
            )


RULES: Final = (scaling_metric_unknown,)

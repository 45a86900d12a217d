"""The metrics of requests, which variants, fleets and components have in common."""

from __future__ import annotations

from cdk_epc.catalog.metrics import invocations
from cdk_epc.monitoring.metric_factory import measures


class InvocationMetrics:
    """What CloudWatch knows of requests and of how they were answered."""

    metric_invocations = measures(invocations.INVOCATIONS)
    metric_invocation_4xx_errors = measures(invocations.CLIENT_ERRORS)
    metric_invocation_5xx_errors = measures(invocations.SERVER_ERRORS)
    metric_invocation_model_errors = measures(invocations.MODEL_ERRORS)
    metric_model_latency = measures(invocations.MODEL_LATENCY)
    metric_overhead_latency = measures(invocations.OVERHEAD_LATENCY)
    metric_mid_stream_errors = measures(invocations.MID_STREAM_ERRORS)
    metric_first_chunk_latency = measures(invocations.FIRST_CHUNK_LATENCY)
    metric_first_chunk_model_latency = measures(invocations.FIRST_CHUNK_MODEL_LATENCY)
    metric_first_chunk_overhead_latency = measures(invocations.FIRST_CHUNK_OVERHEAD_LATENCY)

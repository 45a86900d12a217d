"""The metrics of all variants of an endpoint together, each under the name that it has there."""

from __future__ import annotations

from cdk_epc.catalog.metrics import (
    async_inference as queues,
)
from cdk_epc.catalog.metrics import (
    instances as hosts,
)
from cdk_epc.catalog.metrics import (
    invocations,
    serverless,
)
from cdk_epc.catalog.metrics import (
    multi_model as models,
)
from cdk_epc.monitoring.metric_math import measures_all


class AnsweringMetrics:
    """What CloudWatch knows of the variants that answer, put together.

    How, `EndpointMetrics.metric` says.
    """

    metric_invocations = measures_all(invocations.INVOCATIONS)
    metric_invocation_4xx_errors = measures_all(invocations.CLIENT_ERRORS)
    metric_invocation_5xx_errors = measures_all(invocations.SERVER_ERRORS)
    metric_invocation_model_errors = measures_all(invocations.MODEL_ERRORS)
    metric_model_latency = measures_all(invocations.MODEL_LATENCY)
    metric_overhead_latency = measures_all(invocations.OVERHEAD_LATENCY)
    metric_mid_stream_errors = measures_all(invocations.MID_STREAM_ERRORS)
    metric_first_chunk_latency = measures_all(invocations.FIRST_CHUNK_LATENCY)
    metric_first_chunk_model_latency = measures_all(invocations.FIRST_CHUNK_MODEL_LATENCY)
    metric_first_chunk_overhead_latency = measures_all(invocations.FIRST_CHUNK_OVERHEAD_LATENCY)
    metric_invocations_per_instance = measures_all(invocations.INVOCATIONS_PER_INSTANCE)
    metric_model_setup_time = measures_all(invocations.MODEL_SETUP_TIME)
    metric_concurrent_requests_per_model = measures_all(invocations.CONCURRENT_REQUESTS_PER_MODEL)
    metric_explanations_per_instance = measures_all(invocations.EXPLANATIONS_PER_INSTANCE)

    metric_model_loading_wait_time = measures_all(models.MODEL_LOADING_WAIT_TIME)
    metric_model_unloading_time = measures_all(models.MODEL_UNLOADING_TIME)
    metric_model_downloading_time = measures_all(models.MODEL_DOWNLOADING_TIME)
    metric_model_loading_time = measures_all(models.MODEL_LOADING_TIME)
    metric_model_cache_hit = measures_all(models.MODEL_CACHE_HIT)
    metric_loaded_model_count = measures_all(models.LOADED_MODEL_COUNT)

    metric_request_download_failures = measures_all(queues.REQUEST_DOWNLOAD_FAILURES)
    metric_response_upload_failures = measures_all(queues.RESPONSE_UPLOAD_FAILURES)
    metric_notification_failures = measures_all(queues.NOTIFICATION_FAILURES)
    metric_expired_requests = measures_all(queues.EXPIRED_REQUESTS)
    metric_invocation_failures = measures_all(queues.INVOCATION_FAILURES)
    metric_request_download_latency = measures_all(queues.REQUEST_DOWNLOAD_LATENCY)
    metric_response_upload_latency = measures_all(queues.RESPONSE_UPLOAD_LATENCY)
    metric_time_in_backlog = measures_all(queues.TIME_IN_BACKLOG)
    metric_total_processing_time = measures_all(queues.TOTAL_PROCESSING_TIME)

    metric_serverless_concurrent_executions_utilization = measures_all(
        serverless.CONCURRENT_EXECUTIONS_UTILIZATION
    )
    metric_serverless_provisioned_concurrency_executions = measures_all(
        serverless.PROVISIONED_CONCURRENCY_EXECUTIONS
    )
    metric_serverless_provisioned_concurrency_utilization = measures_all(
        serverless.PROVISIONED_CONCURRENCY_UTILIZATION
    )
    metric_serverless_provisioned_concurrency_invocations = measures_all(
        serverless.PROVISIONED_CONCURRENCY_INVOCATIONS
    )
    metric_serverless_provisioned_concurrency_spillover_invocations = measures_all(
        serverless.PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS
    )

    metric_cpu_utilization = measures_all(hosts.CPU_UTILIZATION)
    metric_memory_utilization = measures_all(hosts.MEMORY_UTILIZATION)
    metric_disk_utilization = measures_all(hosts.DISK_UTILIZATION)
    metric_gpu_utilization = measures_all(hosts.GPU_UTILIZATION)
    metric_gpu_memory_utilization = measures_all(hosts.GPU_MEMORY_UTILIZATION)
    metric_cpu_reservation = measures_all(hosts.CPU_RESERVATION)
    metric_memory_reservation = measures_all(hosts.MEMORY_RESERVATION)
    metric_gpu_reservation = measures_all(hosts.GPU_RESERVATION)
    metric_cpu_utilization_normalized = measures_all(hosts.CPU_UTILIZATION_NORMALIZED)
    metric_gpu_utilization_normalized = measures_all(hosts.GPU_UTILIZATION_NORMALIZED)
    metric_gpu_memory_utilization_normalized = measures_all(hosts.GPU_MEMORY_UTILIZATION_NORMALIZED)

"""Metric methods: the ``metric_...`` methods that several kinds of resources share."""

from __future__ import annotations

from cdk_epc.catalog.metrics import async_inference as queues
from cdk_epc.catalog.metrics import instances as hosts
from cdk_epc.catalog.metrics import invocations, serverless
from cdk_epc.catalog.metrics import multi_model as models
from cdk_epc.monitoring.metric_factory import metric_method


class InvocationMetrics:
    """Methods of the metrics of requests, which variants, fleets and components publish."""

    metric_invocations = metric_method(invocations.INVOCATIONS)
    metric_invocation_4xx_errors = metric_method(invocations.CLIENT_ERRORS)
    metric_invocation_5xx_errors = metric_method(invocations.SERVER_ERRORS)
    metric_invocation_model_errors = metric_method(invocations.MODEL_ERRORS)
    metric_model_latency = metric_method(invocations.MODEL_LATENCY)
    metric_overhead_latency = metric_method(invocations.OVERHEAD_LATENCY)
    metric_mid_stream_errors = metric_method(invocations.MID_STREAM_ERRORS)
    metric_first_chunk_latency = metric_method(invocations.FIRST_CHUNK_LATENCY)
    metric_first_chunk_model_latency = metric_method(invocations.FIRST_CHUNK_MODEL_LATENCY)
    metric_first_chunk_overhead_latency = metric_method(invocations.FIRST_CHUNK_OVERHEAD_LATENCY)


class VariantMetricMethods(InvocationMetrics):
    """Methods of all metrics of variants, for one variant or for all variants of an endpoint."""

    metric_invocations_per_instance = metric_method(invocations.INVOCATIONS_PER_INSTANCE)
    metric_model_setup_time = metric_method(invocations.MODEL_SETUP_TIME)
    metric_concurrent_requests_per_model = metric_method(invocations.CONCURRENT_REQUESTS_PER_MODEL)
    metric_explanations_per_instance = metric_method(invocations.EXPLANATIONS_PER_INSTANCE)

    metric_model_loading_wait_time = metric_method(models.MODEL_LOADING_WAIT_TIME)
    metric_model_unloading_time = metric_method(models.MODEL_UNLOADING_TIME)
    metric_model_downloading_time = metric_method(models.MODEL_DOWNLOADING_TIME)
    metric_model_loading_time = metric_method(models.MODEL_LOADING_TIME)
    metric_model_cache_hit = metric_method(models.MODEL_CACHE_HIT)
    metric_loaded_model_count = metric_method(models.LOADED_MODEL_COUNT)

    metric_request_download_failures = metric_method(queues.REQUEST_DOWNLOAD_FAILURES)
    metric_response_upload_failures = metric_method(queues.RESPONSE_UPLOAD_FAILURES)
    metric_notification_failures = metric_method(queues.NOTIFICATION_FAILURES)
    metric_expired_requests = metric_method(queues.EXPIRED_REQUESTS)
    metric_invocation_failures = metric_method(queues.INVOCATION_FAILURES)
    metric_request_download_latency = metric_method(queues.REQUEST_DOWNLOAD_LATENCY)
    metric_response_upload_latency = metric_method(queues.RESPONSE_UPLOAD_LATENCY)
    metric_time_in_backlog = metric_method(queues.TIME_IN_BACKLOG)
    metric_total_processing_time = metric_method(queues.TOTAL_PROCESSING_TIME)

    metric_serverless_concurrent_executions_utilization = metric_method(
        serverless.CONCURRENT_EXECUTIONS_UTILIZATION
    )
    metric_serverless_provisioned_concurrency_executions = metric_method(
        serverless.PROVISIONED_CONCURRENCY_EXECUTIONS
    )
    metric_serverless_provisioned_concurrency_utilization = metric_method(
        serverless.PROVISIONED_CONCURRENCY_UTILIZATION
    )
    metric_serverless_provisioned_concurrency_invocations = metric_method(
        serverless.PROVISIONED_CONCURRENCY_INVOCATIONS
    )
    metric_serverless_provisioned_concurrency_spillover_invocations = metric_method(
        serverless.PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS
    )

    metric_cpu_utilization = metric_method(hosts.CPU_UTILIZATION)
    metric_memory_utilization = metric_method(hosts.MEMORY_UTILIZATION)
    metric_disk_utilization = metric_method(hosts.DISK_UTILIZATION)
    metric_gpu_utilization = metric_method(hosts.GPU_UTILIZATION)
    metric_gpu_memory_utilization = metric_method(hosts.GPU_MEMORY_UTILIZATION)
    metric_cpu_reservation = metric_method(hosts.CPU_RESERVATION)
    metric_memory_reservation = metric_method(hosts.MEMORY_RESERVATION)
    metric_gpu_reservation = metric_method(hosts.GPU_RESERVATION)
    metric_cpu_utilization_normalized = metric_method(hosts.CPU_UTILIZATION_NORMALIZED)
    metric_gpu_utilization_normalized = metric_method(hosts.GPU_UTILIZATION_NORMALIZED)
    metric_gpu_memory_utilization_normalized = metric_method(
        hosts.GPU_MEMORY_UTILIZATION_NORMALIZED
    )

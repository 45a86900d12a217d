"""App: a serverless endpoint, with provisioned concurrency in working hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from cdk_epc import Container, ContainerImage, Cron, Endpoint, EndpointConfig, Model

if TYPE_CHECKING:
    from constructs import Construct


class Serverless(cdk.Stack):
    """Answers to questions of the staff."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        image = ContainerImage.from_dlc(
            "huggingface", "2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04"
        )
        environment = {"HF_MODEL_ID": "deepset/tinyroberta-squad2", "HF_TASK": "question-answering"}
        config = EndpointConfig(self, "Config")
        answers = config.add_serverless_variant(
            "answers",
            model=Model(self, "Model", container=Container(image=image, environment=environment)),
            memory_size=cdk.Size.gibibytes(4),
            max_concurrency=20,
            provisioned_concurrency=1,
        )
        endpoint = Endpoint(self, "Endpoint", endpoint_config=config)
        concurrency = answers.auto_scale(1, 4)
        concurrency.scale_on_provisioned_concurrency_utilization(0.7)
        for name, hour, low, high in (("Open", 8, 4, 10), ("Close", 18, 1, 4)):
            concurrency.scale_on_schedule(
                name,
                Cron(hour=hour, week_day="MON-FRI"),
                min_capacity=low,
                max_capacity=high,
                time_zone=cdk.TimeZone.EUROPE_BERLIN,
            )
        endpoint.add_recommended_alarms()

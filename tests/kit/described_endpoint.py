"""Running endpoint as AWS describes it, with its template."""

from __future__ import annotations

import copy
from typing import Any

from cdk_epc.rules.explain import example_of

NAME = "Stack-Endpoint-AbC12"
RESPONSES: list[dict[str, Any]] = [
    {
        "EndpointName": NAME,
        "EndpointArn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/fraud",
        "EndpointConfigName": "Config-1",
        "EndpointStatus": "InService",
        "ProductionVariants": [{"VariantName": "main", "DesiredInstanceCount": 5.0}],
    },
    {
        "EndpointConfigName": "Config-1",
        "EndpointConfigArn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/config-1",
        "CreationTime": 1780000000.5,
        "ProductionVariants": [
            {
                "VariantName": "main",
                "ModelName": "Model-1",
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": 2.0,
                "InitialVariantWeight": 1.0,
            }
        ],
        "EnableNetworkIsolation": False,
    },
    {
        "ModelName": "Model-1",
        "ModelArn": "arn:aws:sagemaker:eu-west-1:111122223333:model/model-1",
        "PrimaryContainer": {
            "Image": "image:1",
            "Mode": "SingleModel",
            "ModelDataUrl": "s3://amzn-s3-demo-bucket/1.tar.gz",
            "Environment": {},
        },
        "ExecutionRoleArn": "arn:aws:iam::111122223333:role/inference",
        "EnableNetworkIsolation": False,
    },
    {
        "ScalableTargets": [
            {
                "ServiceNamespace": "sagemaker",
                "ResourceId": f"endpoint/{NAME}/variant/main",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "MinCapacity": 2,
                "MaxCapacity": 8,
            }
        ]
    },
]
EXAMPLE = example_of("scaled-type-changed")
assert EXAMPLE is not None
TEMPLATE: Any = copy.deepcopy(EXAMPLE.old)
TEMPLATE["Resources"]["Model"] = {
    "Type": "AWS::SageMaker::Model",
    "Properties": {
        "ExecutionRoleArn": {"Fn::ImportValue": "role"},
        "PrimaryContainer": {
            "Image": "image:1",
            "ModelDataUrl": "s3://amzn-s3-demo-bucket/1.tar.gz",
        },
    },
}
CONFIG = TEMPLATE["Resources"]["Config"]["Properties"]
CONFIG["ProductionVariants"][0]["ModelName"] = {"Fn::GetAtt": ["Model", "ModelName"]}

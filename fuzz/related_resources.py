"""Template with one resource of each type that the rules read, without a configuration."""

from __future__ import annotations

from typing import Any

_ENDPOINT: dict[str, Any] = {
    "Name": "EndpointName",
    "Value": {"Fn::GetAtt": ["Endpoint", "EndpointName"]},
}
_VARIANT: dict[str, Any] = {"Name": "VariantName", "Value": "a"}
_ERRORS: dict[str, Any] = {
    "Namespace": "AWS/SageMaker",
    "MetricName": "Invocation5XXErrors",
    "Dimensions": [_ENDPOINT, _VARIANT],
}
_SCALING_AND_MONITORING: dict[str, Any] = {
    "Tracking": {
        "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
        "Properties": {
            "PolicyName": "tracking",
            "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": {"Ref": "Target"},
            "TargetTrackingScalingPolicyConfiguration": {
                "TargetValue": 60,
                "CustomizedMetricSpecification": {
                    "Namespace": "/aws/sagemaker/Endpoints",
                    "MetricName": "CPUUtilization",
                    "Dimensions": [_ENDPOINT, _VARIANT],
                    "Statistic": "Average",
                },
            },
        },
    },
    "Steps": {
        "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
        "DependsOn": "Target",
        "Properties": {
            "PolicyName": "steps",
            "PolicyType": "StepScaling",
            "ServiceNamespace": "sagemaker",
            "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
            "ResourceId": {"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/a"},
            "StepScalingPolicyConfiguration": {
                "AdjustmentType": "ChangeInCapacity",
                "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
            },
        },
    },
    "Alarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            **_ERRORS,
            "Statistic": "Average",
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 0.05,
            "TreatMissingData": "notBreaching",
        },
    },
    "AlarmOfSeveral": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "ComparisonOperator": "LessThanOrEqualToThreshold",
            "Threshold": {"Ref": "Count"},
            "Metrics": [
                {
                    "Id": "errors",
                    "MetricStat": {"Metric": _ERRORS, "Stat": "p90", "Period": 60},
                    "ReturnData": False,
                },
                {"Id": "share", "Expression": "100 * errors"},
            ],
        },
    },
    "Component": {
        "Type": "AWS::SageMaker::InferenceComponent",
        "Properties": {
            "InferenceComponentName": "base",
            "EndpointName": {"Fn::GetAtt": ["Endpoint", "EndpointName"]},
            "VariantName": "a",
            "Specification": {
                "Container": {
                    "Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/image",
                    "ArtifactUrl": "s3://bucket/base.tar.gz",
                },
                "ComputeResourceRequirements": {
                    "MinMemoryRequiredInMb": 1024,
                    "NumberOfAcceleratorDevicesRequired": 1,
                },
            },
            "RuntimeConfig": {"CopyCount": {"Ref": "Count"}},
            "DeploymentConfig": {
                "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": {"Ref": "Alarm"}}]},
                "RollingUpdatePolicy": {
                    "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 50},
                    "WaitIntervalInSeconds": 60,
                },
            },
        },
    },
    "Adapter": {
        "Type": "AWS::SageMaker::InferenceComponent",
        "DependsOn": ["Component"],
        "Properties": {
            "EndpointName": {"Fn::GetAtt": ["Endpoint", "EndpointName"]},
            "Specification": {
                "BaseInferenceComponentName": "base",
                "Container": {"ArtifactUrl": "s3://bucket/adapter.tar.gz"},
            },
        },
    },
    "Copies": {
        "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
        "DependsOn": ["Component"],
        "Properties": {
            "ServiceNamespace": "sagemaker",
            "ScalableDimension": "sagemaker:inference-component:DesiredCopyCount",
            "ResourceId": "inference-component/base",
            "MinCapacity": 0,
            "MaxCapacity": 4,
        },
    },
}
TEMPLATE: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Parameters": {
        "Type": {"Type": "String", "Default": "ml.m5.large", "AllowedValues": ["ml.m5.large"]},
        "Count": {"Type": "Number", "Default": 2, "MinValue": 0},
        "Names": {"Type": "CommaDelimitedList", "Default": "a,b"},
    },
    "Mappings": {"ByAccount": {"111122223333": {"Type": "ml.g5.xlarge", "Count": 1}}},
    "Conditions": {
        "IsBig": {"Fn::Equals": [{"Ref": "Type"}, "ml.m5.large"]},
        "IsNot": {"Fn::Not": [{"Condition": "IsBig"}]},
    },
    "Resources": {
        "Model": {
            "Type": "AWS::SageMaker::Model",
            "Properties": {
                "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "PrimaryContainer": {
                    "Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/image",
                    "Mode": "MultiModel",
                },
                "VpcConfig": {"Subnets": ["s"], "SecurityGroupIds": ["g"]},
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "sagemaker.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            },
        },
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {
                "EndpointConfigName": {"Fn::GetAtt": "Config.EndpointConfigName"},
                "DeploymentConfig": {
                    "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": {"Ref": "Alarm"}}]},
                    "RollingUpdatePolicy": {"MaximumBatchSize": {"Value": 1}},
                },
                "RetainAllVariantProperties": True,
                "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DesiredWeight"}],
            },
        },
        "Target": {
            "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
            "Properties": {
                "ServiceNamespace": "sagemaker",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "ResourceId": {"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/a"},
                "MinCapacity": 1,
                "MaxCapacity": {"Ref": "Count"},
                "ScheduledActions": [
                    {
                        "ScheduledActionName": "Morning",
                        "Schedule": "cron(0 7 * * ? *)",
                        "ScalableTargetAction": {"MinCapacity": 2},
                    }
                ],
            },
        },
        **_SCALING_AND_MONITORING,
    },
}
"""Template without the endpoint configuration."""

"""Endpoint configurations as calls of the typed API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from cdk_epc._records import Record
from cdk_epc.importing.expressions import NotTypedError
from cdk_epc.importing.members import Conversion, Converter, Fields, Members, objects_of
from cdk_epc.importing.syntax import Atom, Call, Expression, call, listing, text_literal
from cdk_epc.spec import enums
from cdk_epc.spec.unresolved import is_mapping, items_of


@attrs.frozen(kw_only=True, eq=False, repr=False)
class VariantCall(Record):
    """Call that adds a variant.

    Attributes:
        name: Name of the variant.
        method: Method of the configuration.
        arguments: Value of the variant, whose arguments the method takes.
    """

    name: str
    method: str
    arguments: Call


class ConfigurationConversion:
    """Conversion of one configuration."""

    def __init__(self, conversion: Conversion, model: Converter) -> None:
        """Create a conversion.

        Args:
            conversion: Converter of values.
            model: Converter of the name of a model to the model or its name.
        """
        self._to = conversion
        self._model = model

    def arguments(self, members: Members) -> dict[str, Expression | None]:
        """Take the members that are not variants, as arguments of the constructor."""
        to = self._to
        return {
            "async_inference": members.part("AsyncInferenceConfig", self._async),
            "data_capture": members.part("DataCaptureConfig", self._capture),
            "explainer": members.part("ExplainerConfig", self._explainer),
            "vpc": members.part("VpcConfig", to.vpc),
            "metrics": members.part("MetricsConfig", self._metrics),
            **members.arguments(
                {
                    "KmsKeyId": ("encryption_key", to.text),
                    "ExecutionRoleArn": ("execution_role", to.text),
                    "EnableNetworkIsolation": ("network_isolation", to.flag),
                    "EndpointConfigName": ("endpoint_config_name", to.text),
                    "Tags": ("tags", to.tags),
                }
            ),
        }

    def variants(self, members: Members) -> list[VariantCall]:
        """Take the variants.

        Raises:
            NotTypedError: A variant has no counterpart in the typed API.
        """
        found = self._variants(members, "ProductionVariants", "")
        if not found:
            raise NotTypedError("ProductionVariants must be a list of variants")
        if "ShadowProductionVariants" in members.left:
            found += self._variants(members, "ShadowProductionVariants", "add_shadow_variant")
        return found

    def _variants(self, members: Members, name: str, method: str) -> list[VariantCall]:
        found: list[VariantCall] = []
        for index, each in enumerate(objects_of(members.value(name))):
            inner = Members(each)
            variant = self._variant(inner, method)
            members.include(inner, (name, index))
            found.append(variant)
        del members.left[name]
        return found

    def _variant(self, members: Members, method: str) -> VariantCall:
        name = members.left.pop("VariantName", None)
        if not isinstance(name, str):
            raise NotTypedError("the name of a variant must be a literal")
        if "ServerlessConfig" in members.left and not method:
            method, keywords = "add_serverless_variant", self._serverless(members)
        elif "ModelName" in members.left:
            method, keywords = method or "add_instance_variant", self._on_instances(members)
        elif method:
            raise NotTypedError("a shadow variant has no model")
        else:
            method = "add_inference_component_variant"
            keywords = {
                **self._instance_backed(members),
                "managed_instance_scaling": members.part("ManagedInstanceScaling", self._managed),
            }
        return VariantCall(
            name=name, method=method, arguments=call("", text_literal(name), **keywords)
        )

    def _serverless(self, members: Members) -> dict[str, Expression | None]:
        to = self._to
        model = members.require("ModelName", self._model)
        config = members.value("ServerlessConfig")
        if not is_mapping(config):
            raise NotTypedError("ServerlessConfig is missing or not a literal")
        inner = Members(config)
        keywords = {
            "model": model,
            "memory_size": inner.require("MemorySizeInMB", to.mebibytes),
            "max_concurrency": inner.require("MaxConcurrency", to.number),
            "provisioned_concurrency": inner.take("ProvisionedConcurrency", to.number),
            "initial_weight": members.take("InitialVariantWeight", to.number),
        }
        del members.left["ServerlessConfig"]
        members.include(inner, ("ServerlessConfig",))
        return keywords

    def _on_instances(self, members: Members) -> dict[str, Expression | None]:
        to = self._to
        return {
            "model": members.require("ModelName", self._model),
            **self._instance_backed(members),
            "initial_weight": members.take("InitialVariantWeight", to.number),
            "enable_ssm_access": members.take("EnableSSMAccess", to.flag),
        }

    def _instance_backed(self, members: Members) -> dict[str, Expression | None]:
        to = self._to
        given = "InstancePools" if "InstancePools" in members.left else "InstanceType"
        convert = self._pools if given == "InstancePools" else to.text
        fields: Fields = {
            "VolumeSizeInGB": ("volume_size", to.gibibytes),
            "ModelDataDownloadTimeoutInSeconds": ("model_data_download_timeout", to.seconds),
            "ContainerStartupHealthCheckTimeoutInSeconds": (
                "container_startup_health_check_timeout",
                to.seconds,
            ),
            "VariantInstanceProvisionTimeoutInSeconds": ("instance_provision_timeout", to.seconds),
            "InferenceAmiVersion": (
                "inference_ami_version",
                to.member_of(enums.InferenceAmiVersion),
            ),
        }
        return {
            "instance_type": members.require(given, convert),
            "initial_instance_count": members.require("InitialInstanceCount", to.number),
            "routing": members.part("RoutingConfig", self._routing),
            **members.arguments(fields),
            "core_dump": members.part("CoreDumpConfig", self._core_dump),
            "capacity_reservation": members.part("CapacityReservationConfig", self._reservation),
        }

    def _pools(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        pools: list[Expression] = []
        for each in objects_of(value):
            members = Members(each)
            pools.append(
                call(
                    "InstancePool",
                    members.require("InstanceType", self._to.text),
                    priority=members.require("Priority", self._to.number),
                    model_override=members.take("ModelNameOverride", self._model),
                )
            )
            _require_empty(members)
        return listing(pools)

    def _routing(self, members: Members) -> Expression:
        strategy = members.left.pop("RoutingStrategy", None)
        simple = {
            "RANDOM": "random",
            "LEAST_OUTSTANDING_REQUESTS": "least_outstanding_requests",
            "KV_AWARE": "kv_aware",
        }
        if isinstance(strategy, str) and strategy in simple:
            return call(f"Routing.{simple[strategy]}")
        inner = members.value("PrefixAwareRoutingConfig")
        if strategy != "PREFIX_AWARE" or not is_mapping(inner):
            raise NotTypedError("the strategy is unknown")
        given = Members(inner)
        found = call(
            "Routing.prefix_aware",
            prefix_length=given.require("PrefixLength", self._to.number),
            concurrency_threshold=given.require("ConcurrencyThreshold", self._to.number),
        )
        del members.left["PrefixAwareRoutingConfig"]
        members.include(given, ("PrefixAwareRoutingConfig",))
        return found

    def _core_dump(self, members: Members) -> Expression:
        return call(
            "CoreDump",
            members.require("DestinationS3Uri", self._to.text),
            encryption_key=members.take("KmsKeyId", self._to.text),
        )

    def _reservation(self, members: Members) -> Expression:
        preference = members.require(
            "CapacityReservationPreference",
            self._to.member_of(enums.CapacityReservationPreference),
        )
        arn = members.require("MlReservationArn", self._to.text)
        return call("CapacityReservation", arn, preference=preference)

    def _managed(self, members: Members) -> Expression:
        to = self._to
        status = members.require("Status", to.member_of(enums.ManagedInstanceScalingStatus))
        is_default = status == Atom("ManagedInstanceScalingStatus.ENABLED")
        return call(
            "ManagedInstanceScaling",
            min_instance_count=members.take("MinInstanceCount", to.number),
            max_instance_count=members.take("MaxInstanceCount", to.number),
            status=None if is_default else status,
            scale_in=members.part("ScaleInPolicy", self._scale_in),
        )

    def _scale_in(self, members: Members) -> Expression:
        to, strategy = self._to, members.left.pop("Strategy", None)
        if strategy == "IDLE_RELEASE":
            return call("ScaleIn.idle_release")
        if strategy != "CONSOLIDATION":
            raise NotTypedError("the strategy is unknown")
        return call(
            "ScaleIn.consolidation",
            maximum_step_size=members.take("MaximumStepSize", to.number),
            cooldown=members.take("CooldownInMinutes", to.minutes),
        )

    def _async(self, members: Members) -> Expression:
        to, output = self._to, members.value("OutputConfig")
        if not is_mapping(output):
            raise NotTypedError("OutputConfig is missing or not a literal")
        inner = Members(output)
        path = inner.require("S3OutputPath", to.text)
        topics: dict[str, Expression | None] = {}
        fields: Fields = {
            "SuccessTopic": ("success_topic", to.text),
            "ErrorTopic": ("error_topic", to.text),
            "IncludeInferenceResponseIn": (
                "include_inference_response_in",
                to.members_of(enums.InferenceResponseIn),
            ),
        }
        _spread(inner, "NotificationConfig", fields, topics)
        client: dict[str, Expression | None] = {}
        name = "MaxConcurrentInvocationsPerInstance"
        argument = ("max_concurrent_invocations_per_instance", to.number)
        _spread(members, "ClientConfig", {name: argument}, client)
        found = call(
            "AsyncInference",
            output_path=path,
            failure_path=inner.take("S3FailurePath", to.text),
            **topics,
            encryption_key=inner.take("KmsKeyId", to.text),
            **client,
        )
        del members.left["OutputConfig"]
        members.include(inner, ("OutputConfig",))
        return found

    def _capture(self, members: Members) -> Expression:
        to = self._to
        types: dict[str, Expression | None] = {}
        fields: Fields = {
            "CsvContentTypes": ("csv_content_types", to.texts),
            "JsonContentTypes": ("json_content_types", to.texts),
        }
        _spread(members, "CaptureContentTypeHeader", fields, types)
        capture = members.require("CaptureOptions", self._captured)
        return call(
            "DataCapture",
            destination=members.require("DestinationS3Uri", to.text),
            sampling_percentage=members.require("InitialSamplingPercentage", to.number),
            capture=capture,
            **types,
            encryption_key=members.take("KmsKeyId", to.text),
            enabled=members.take("EnableCapture", to.flag),
        )

    def _captured(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        if any(set(each) != {"CaptureMode"} for each in objects_of(value)):
            raise NotTypedError("a capture option is unknown")
        modes = [each["CaptureMode"] for each in value]
        return self._to.members_of(enums.CaptureMode)(modes)

    def _explainer(self, members: Members) -> Expression:
        clarify = _inner(members, "ClarifyExplainerConfig")
        shap = _inner(clarify, "ShapConfig")
        to = self._to
        inference: dict[str, Expression | None] = {}
        fields: Fields = {
            "FeatureHeaders": ("feature_headers", to.texts),
            "FeatureTypes": ("feature_types", to.members_of(enums.FeatureType)),
            "FeaturesAttribute": ("features_attribute", to.text),
            "ContentTemplate": ("content_template", to.text),
            "MaxRecordCount": ("max_record_count", to.number),
            "MaxPayloadInMB": ("max_payload_in_mb", to.number),
            "ProbabilityIndex": ("probability_index", to.number),
            "LabelIndex": ("label_index", to.number),
            "ProbabilityAttribute": ("probability_attribute", to.text),
            "LabelAttribute": ("label_attribute", to.text),
            "LabelHeaders": ("label_headers", to.texts),
        }
        _spread(clarify, "InferenceConfig", fields, inference)
        baseline = shap.part("ShapBaselineConfig", self._baseline)
        if baseline is None:
            raise NotTypedError("the baseline is missing or not a literal")
        found = call(
            "ClarifyExplainer",
            baseline=baseline,
            enable_explanations=clarify.take("EnableExplanations", to.text),
            number_of_samples=shap.take("NumberOfSamples", to.number),
            use_logit=shap.take("UseLogit", to.flag),
            seed=shap.take("Seed", to.number),
            text=shap.part("TextConfig", self._text),
            **inference,
        )
        clarify.include(shap, ("ShapConfig",))
        members.include(clarify, ("ClarifyExplainerConfig",))
        return found

    def _baseline(self, members: Members) -> Expression:
        to = self._to
        mime_type = members.take("MimeType", to.member_of(enums.BaselineMimeType))
        if "ShapBaselineUri" in members.left:
            uri = members.require("ShapBaselineUri", to.text)
            return call("ShapBaseline.from_s3", uri, mime_type=mime_type)
        data = members.require("ShapBaseline", to.text)
        return call("ShapBaseline.inline", data, mime_type=mime_type)

    def _text(self, members: Members) -> Expression:
        to = self._to
        return call(
            "ClarifyText",
            language=members.require("Language", to.member_of(enums.TextLanguage)),
            granularity=members.require("Granularity", to.member_of(enums.TextGranularity)),
        )

    def _metrics(self, members: Members) -> Expression:
        to = self._to
        return call(
            "MetricsPublication",
            enhanced=members.take("EnableEnhancedMetrics", to.flag),
            detailed_observability=members.take("EnableDetailedObservability", to.flag),
            publish_frequency=members.take("MetricPublishFrequencyInSeconds", to.seconds),
        )


def _require_empty(members: Members) -> None:
    if list(members.overrides()):
        raise NotTypedError("an item of a list has a member without counterpart")


def _inner(members: Members, name: str) -> Members:
    """Take an object.

    Raises:
        NotTypedError: The object is missing or not a literal.
    """
    value = members.value(name)
    if not is_mapping(value):
        raise NotTypedError(f"{name} is missing or not a literal")
    del members.left[name]
    return Members(value)


def _spread(
    members: Members, name: str, fields: Fields, found: dict[str, Expression | None]
) -> None:
    """Take the members of an inner object as arguments of the outer one."""
    value = members.value(name)
    if not is_mapping(value):
        return
    inner = Members(value)
    found.update(inner.arguments(fields))
    if any(each is not None for each in found.values()):
        del members.left[name]
        members.include(inner, (name,))


def variant_names(properties: Mapping[str, Any]) -> set[str]:
    """Return the names of the variants of a configuration, as far as they are known."""
    found: set[str] = set()
    for name in ("ProductionVariants", "ShadowProductionVariants"):
        for each in items_of(properties.get(name)):
            if is_mapping(each) and isinstance(each.get("VariantName"), str):
                found.add(each["VariantName"])
    return found

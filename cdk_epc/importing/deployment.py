"""Endpoints, inference components and their deployment policies as calls of the typed API."""

from __future__ import annotations

from typing import Any

import attrs

from cdk_epc._records import Record
from cdk_epc.importing.expressions import NotTypedError
from cdk_epc.importing.members import Conversion, Converter, Fields, Members, objects_of
from cdk_epc.importing.syntax import Expression, call, listing
from cdk_epc.spec.unresolved import is_list, is_mapping

_ROLLING = "RollingUpdatePolicy"
_BLUE_GREEN = "BlueGreenUpdatePolicy"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DeployedArguments(Record):
    """Arguments of a construct, and members that the construct adds without an argument.

    Attributes:
        arguments: Arguments of the constructor.
        deletions: Members that the source does not have.
    """

    arguments: dict[str, Expression | None]
    deletions: tuple[str, ...] = ()


class EndpointConversion:
    """Conversion of endpoints and of inference components."""

    def __init__(self, conversion: Conversion) -> None:
        """Create a conversion with a converter of values."""
        self._to = conversion

    def endpoint(
        self, members: Members, config: Converter, *, is_scaled: bool
    ) -> DeployedArguments:
        """Take the members of an endpoint.

        Args:
            members: The members.
            config: Converter of the name of a configuration to the configuration or its name.
            is_scaled: Whether a variant of the template is scaled.
        """
        to = self._to
        is_named = "EndpointName" in members.left
        arguments: dict[str, Expression | None] = {
            "endpoint_config": members.require("EndpointConfigName", config),
            "endpoint_name": members.take("EndpointName", to.text),
            **self._deployment_of(members, "Deployment", self._deployment),
            "retain": self._retain(members, is_scaled=is_scaled),
            "retain_deployment_config": members.take("RetainDeploymentConfig", to.flag),
            "tags": members.take("Tags", to.tags),
        }
        is_added = arguments.get("deployment") is not None and not is_named
        return DeployedArguments(
            arguments=arguments, deletions=("EndpointName",) if is_added else ()
        )

    def component(
        self, members: Members, endpoint: Converter, model: Converter, component: Converter
    ) -> DeployedArguments:
        """Take the members of an inference component.

        Raises:
            NotTypedError: The component has no counterpart in the typed API.
        """
        to = self._to
        host = members.require("EndpointName", endpoint)
        variant = members.take("VariantName", to.text)
        name = members.take("InferenceComponentName", to.text)
        specification = self._specification(members, model, component)
        is_adapter = specification.get("base_component") is not None
        if variant is None and not is_adapter:
            raise NotTypedError("the component has no variant")
        copies = self._copies(members)
        added = ["RuntimeConfig"] if copies is None and not is_adapter else []
        added += ["InferenceComponentName"] if name is None else []
        return DeployedArguments(
            arguments={
                "endpoint": host,
                "variant": variant,
                "inference_component_name": name,
                **specification,
                "copies": copies,
                **self._deployment_of(members, "ComponentDeployment", self._component_deployment),
                "tags": members.take("Tags", to.tags),
            },
            deletions=tuple(added),
        )

    def _copies(self, members: Members) -> Expression | None:
        config = members.value("RuntimeConfig")
        if not is_mapping(config) or set(config) != {"CopyCount"}:
            if config is not None:
                raise NotTypedError("RuntimeConfig is missing or not a literal")
            return None
        del members.left["RuntimeConfig"]
        return self._to.number(config["CopyCount"])

    def _specification(
        self, members: Members, model: Converter, component: Converter
    ) -> dict[str, Expression | None]:
        if "Specifications" in members.left:
            found: list[Expression] = []
            for index, each in enumerate(objects_of(members.value("Specifications"))):
                inner = Members(each)
                name = inner.require("InstanceType", self._to.text)
                arguments = self._specified(inner, model)
                found.append(call("InstanceTypeSpecification", name, **arguments))
                members.include(inner, ("Specifications", index))
            del members.left["Specifications"]
            return {"specifications": listing(found)}
        value = members.value("Specification")
        if not is_mapping(value):
            raise NotTypedError("the specification is missing or not a literal")
        inner = Members(value)
        base = inner.take("BaseInferenceComponentName", component)
        arguments = {**self._specified(inner, model), "base_component": base}
        del members.left["Specification"]
        members.include(inner, ("Specification",))
        return arguments

    def _specified(self, members: Members, model: Converter) -> dict[str, Expression | None]:
        return {
            "model": members.take("ModelName", model),
            "container": members.part("Container", self._container),
            "compute": members.part("ComputeResourceRequirements", self._compute),
            "startup": members.part("StartupParameters", self._startup),
            "cache": members.part("DataCacheConfig", self._cache),
            "scheduling": members.part("SchedulingConfig", self._scheduling),
        }

    def _cache(self, members: Members) -> Expression:
        return members.require("EnableCaching", self._to.flag)

    def _container(self, members: Members) -> Expression:
        to = self._to
        fields: Fields = {
            "Image": ("image", to.text),
            "ArtifactUrl": ("artifact", to.text),
            "Environment": ("environment", to.text_map),
        }
        return call("ComponentContainer", **members.arguments(fields))

    def _compute(self, members: Members) -> Expression:
        to = self._to
        return call(
            "ComputeRequirements",
            min_memory=members.require("MinMemoryRequiredInMb", to.mebibytes),
            max_memory=members.take("MaxMemoryRequiredInMb", to.mebibytes),
            cpu_cores=members.take("NumberOfCpuCoresRequired", to.number),
            accelerators=members.take("NumberOfAcceleratorDevicesRequired", to.number),
        )

    def _startup(self, members: Members) -> Expression:
        to = self._to
        return call(
            "ComponentStartup",
            model_data_download_timeout=members.take(
                "ModelDataDownloadTimeoutInSeconds", to.seconds
            ),
            container_startup_health_check_timeout=members.take(
                "ContainerStartupHealthCheckTimeoutInSeconds", to.seconds
            ),
        )

    def _scheduling(self, members: Members) -> Expression:
        methods = {"SPREAD": "spread", "BINPACK": "binpack"}
        strategy = members.left.pop("PlacementStrategy", None)
        balance = members.left.pop("AvailabilityZoneBalance", None)
        if not isinstance(strategy, str) or strategy not in methods or not is_mapping(balance):
            raise NotTypedError("the placement is unknown")
        inner = Members(balance)
        if inner.left.pop("EnforcementMode", None) != "PERMISSIVE":
            raise NotTypedError("the balance is unknown")
        found = call(
            f"ComponentScheduling.{methods[strategy]}",
            max_imbalance=inner.take("MaxImbalance", self._to.number),
        )
        members.include(inner, ("AvailabilityZoneBalance",))
        return found

    def _deployment_of(
        self,
        members: Members,
        name: str,
        convert: Any,  # noqa: ANN401 - a method below
    ) -> dict[str, Expression | None]:
        """Take the deployment policy and the rollback alarms."""
        value = members.value("DeploymentConfig")
        if not is_mapping(value):
            return {}
        inner = Members(value)
        try:
            deployment = convert(inner, name)
        except NotTypedError:
            return {}
        alarms = self._alarms(inner)
        del members.left["DeploymentConfig"]
        members.include(inner, ("DeploymentConfig",))
        return {"deployment": deployment, "rollback_alarms": alarms}

    def _alarms(self, members: Members) -> Expression | None:
        value = members.value("AutoRollbackConfiguration")
        if not is_mapping(value) or set(value) != {"Alarms"}:
            return None
        try:
            listed = objects_of(value["Alarms"])
            if not listed or any(set(each) != {"AlarmName"} for each in listed):
                return None
            found = listing([self._to.text(each["AlarmName"]) for each in listed])
        except NotTypedError:
            return None
        del members.left["AutoRollbackConfiguration"]
        return found

    def _deployment(self, members: Members, name: str) -> Expression:
        if _ROLLING in members.left and _BLUE_GREEN not in members.left:
            return self._rolling(members, name, "CapacitySize", "INSTANCE_COUNT", "instances")
        policy = members.value(_BLUE_GREEN)
        if not is_mapping(policy) or _ROLLING in members.left:
            raise NotTypedError("the policy is missing or not a literal")
        inner, to = Members(policy), self._to
        routing = inner.left.pop("TrafficRoutingConfiguration", None)
        if not is_mapping(routing):
            raise NotTypedError("the routing is missing or not a literal")
        traffic = Members(routing)
        kind = traffic.left.pop("Type", None)
        wait = traffic.take("WaitIntervalInSeconds", to.seconds)
        waits = {
            "termination_wait": inner.take("TerminationWaitInSeconds", to.seconds),
            "timeout": inner.take("MaximumExecutionTimeoutInSeconds", to.seconds),
        }
        steps = {"CANARY": ("canary", "CanarySize"), "LINEAR": ("linear", "LinearStepSize")}
        if wait is None:
            raise NotTypedError("the wait is missing or not a literal")
        if kind == "ALL_AT_ONCE":
            found = call(f"{name}.all_at_once", wait=wait, **waits)
        elif isinstance(kind, str) and kind in steps:
            method, member = steps[kind]
            size = self._size(traffic, member, "CapacitySize", "INSTANCE_COUNT", "instances")
            found = call(f"{name}.{method}", size, wait, **waits)
        else:
            raise NotTypedError("the type of the routing is unknown")
        del members.left[_BLUE_GREEN]
        inner.include(traffic, ("TrafficRoutingConfiguration",))
        members.include(inner, (_BLUE_GREEN,))
        return found

    def _component_deployment(self, members: Members, name: str) -> Expression:
        return self._rolling(members, name, "ComponentCapacitySize", "COPY_COUNT", "copies")

    def _rolling(
        self, members: Members, name: str, size: str, unit: str, method: str
    ) -> Expression:
        policy = members.value(_ROLLING)
        if not is_mapping(policy):
            raise NotTypedError("the policy is missing or not a literal")
        inner, to = Members(policy), self._to
        rollback = None
        if "RollbackMaximumBatchSize" in inner.left:
            rollback = self._size(inner, "RollbackMaximumBatchSize", size, unit, method)
        found = call(
            f"{name}.rolling",
            self._size(inner, "MaximumBatchSize", size, unit, method),
            inner.require("WaitIntervalInSeconds", to.seconds),
            rollback_batch=rollback,
            timeout=inner.take("MaximumExecutionTimeoutInSeconds", to.seconds),
        )
        del members.left[_ROLLING]
        members.include(inner, (_ROLLING,))
        return found

    def _size(self, members: Members, member: str, name: str, unit: str, method: str) -> Expression:
        size = members.left.pop(member, None)
        if not is_mapping(size) or set(size) != {"Type", "Value"}:
            raise NotTypedError("the size is missing or not a literal")
        methods = {"CAPACITY_PERCENT": "percent", unit: method}
        if not isinstance(size["Type"], str) or size["Type"] not in methods:
            raise NotTypedError("the unit of the size is unknown")
        function = f"{name}.{methods[size['Type']]}"
        return call(function, self._to.number(size["Value"]))

    def _retain(self, members: Members, *, is_scaled: bool) -> Expression | None:
        retain = members.value("RetainAllVariantProperties")
        name = "RetainedProperties"
        if retain is None:
            # Otherwise a scaled variant would make the construct retain the instance counts.
            return call(f"{name}.nothing") if is_scaled else None
        if retain in (False, "false"):
            del members.left["RetainAllVariantProperties"]
            return call(f"{name}.nothing")
        if retain not in (True, "true"):
            return None
        excluded: Any = members.value("ExcludeRetainedVariantProperties") or ()
        types = (
            [each.get("VariantPropertyType") if is_mapping(each) else None for each in excluded]
            if is_list(excluded)
            else [None]
        )
        methods = {
            "everything": [],
            "instance_counts": ["DesiredWeight"],
            "weights": ["DesiredInstanceCount"],
        }
        for method, left_out in methods.items():
            if types == left_out:
                members.left.pop("ExcludeRetainedVariantProperties", None)
                del members.left["RetainAllVariantProperties"]
                return call(f"{name}.{method}")
        return call(f"{name}.nothing") if is_scaled else None

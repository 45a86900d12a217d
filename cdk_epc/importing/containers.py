"""Models and their containers as calls of the typed API."""

from __future__ import annotations

from cdk_epc.importing.expressions import NotTypedError
from cdk_epc.importing.members import Conversion, Fields, Members, objects_of
from cdk_epc.importing.syntax import Expression, call, listing
from cdk_epc.spec import enums
from cdk_epc.spec.unresolved import is_mapping


class ModelConversion:
    """Conversion of one model."""

    def __init__(self, conversion: Conversion) -> None:
        """Create a conversion with a converter of values."""
        self._to = conversion

    def arguments(self, members: Members) -> dict[str, Expression | None]:
        """Take the members of a model, as arguments of the constructor.

        Raises:
            NotTypedError: The model has no role, or its containers are not a list of objects.
        """
        to = self._to
        containers = None
        if "Containers" in members.left:
            found: list[Expression] = []
            for index, each in enumerate(objects_of(members.value("Containers"))):
                inner = Members(each)
                found.append(self.container(inner))
                members.include(inner, ("Containers", index))
            del members.left["Containers"]
            containers = listing(found)
        return {
            "container": members.part("PrimaryContainer", self.container),
            "containers": containers,
            "execution_mode": members.part("InferenceExecutionConfig", self._mode),
            # Without a role, the construct would create one.
            "execution_role": members.require("ExecutionRoleArn", to.text),
            "vpc": members.part("VpcConfig", to.vpc),
            **members.arguments(
                {
                    "EnableNetworkIsolation": ("network_isolation", to.flag),
                    "ModelName": ("model_name", to.text),
                    "Tags": ("tags", to.tags),
                }
            ),
        }

    def container(self, members: Members) -> Expression:
        """Return a container."""
        to = self._to
        fields: Fields = {
            "Environment": ("environment", to.text_map),
            "ContainerHostname": ("hostname", to.text),
            "ModelPackageName": ("model_package", to.text),
            "InferenceSpecificationName": ("inference_specification_name", to.text),
        }
        return call(
            "Container",
            image=self._image(members),
            model_data=self._model_data(members),
            **members.arguments(fields),
        )

    def _image(self, members: Members) -> Expression | None:
        to, config = self._to, members.value("ImageConfig")
        if not is_mapping(config) or config.get("RepositoryAccessMode") != "Vpc":
            return members.take("Image", to.text)
        image = members.take("Image", to.text)
        if image is None:
            return None
        inner = Members(config)
        del inner.left["RepositoryAccessMode"]
        del members.left["ImageConfig"]
        credentials = inner.part("RepositoryAuthConfig", self._credentials)
        members.include(inner, ("ImageConfig",))
        return call("ContainerImage.from_private_registry", image, credentials=credentials)

    def _credentials(self, members: Members) -> Expression:
        return members.require("RepositoryCredentialsProviderArn", self._to.text)

    def _model_data(self, members: Members) -> Expression | None:
        to = self._to
        if "ModelDataSource" in members.left:
            return members.part("ModelDataSource", self._source)
        if members.value("Mode") != "MultiModel":
            return members.take("ModelDataUrl", to.text)
        url = members.take("ModelDataUrl", to.text)
        if url is None:
            return None
        del members.left["Mode"]
        cache = members.part("MultiModelConfig", self._cache)
        return call("ModelData.multi_model", url, cache=cache)

    def _cache(self, members: Members) -> Expression:
        convert = self._to.member_of(enums.ModelCacheSetting)
        return members.require("ModelCacheSetting", convert)

    def _source(self, members: Members) -> Expression:
        source = members.left.pop("S3DataSource", None)
        if not is_mapping(source):
            raise NotTypedError("S3DataSource is missing or not a literal")
        inner, to = Members(source), self._to
        uri = inner.require("S3Uri", to.text)
        form = f"{inner.left.pop('S3DataType', None)} {inner.left.pop('CompressionType', None)}"
        if form not in {"S3Prefix None", "S3Object Gzip"}:
            raise NotTypedError("the form of the artifacts has no counterpart")
        is_archive = form == "S3Object Gzip"
        eula = _only(inner, "ModelAccessConfig", "AcceptEula")
        accepted = None if eula is None else to.flag(eula)
        hub = _only(inner, "HubAccessConfig", "HubContentArn")
        members.include(inner, ("S3DataSource",))
        if hub is not None:
            archive = to.flag(value=True) if is_archive else None
            return call(
                "ModelData.from_hub", to.text(hub), uri, is_archive=archive, accept_eula=accepted
            )
        if not is_archive:
            return call("ModelData.from_s3_folder", uri, accept_eula=accepted)
        if accepted is None:
            raise NotTypedError("an archive without a license is ModelDataUrl")
        return call("ModelData.from_s3", uri, accept_eula=accepted)

    def _mode(self, members: Members) -> Expression:
        return members.require("Mode", self._to.member_of(enums.InferenceExecutionMode))


def _only(members: Members, name: str, member: str) -> object:
    """Take the only member of an inner object; ``None`` if there is none."""
    value = members.value(name)
    if value is None:
        return None
    if not is_mapping(value) or set(value) != {member}:
        raise NotTypedError(f"{name} has no counterpart")
    del members.left[name]
    return value[member]

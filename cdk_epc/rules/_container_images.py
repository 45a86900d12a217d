"""Images of containers, and the instance types on which they run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.catalog import instances
from cdk_epc.catalog.image_references import ImageHost, ImageReference, parse_image
from cdk_epc.catalog.image_traits import ImageTraits
from cdk_epc.catalog.instances import InstanceType
from cdk_epc.rules._model_features import models_of
from cdk_epc.rules.adapters import is_same
from cdk_epc.spec import (
    AnySpecification,
    ComponentContainer,
    ComputeResourceRequirements,
    ContainerDefinition,
    InferenceComponentSpec,
    ModelSpec,
    Path,
    ProductionVariant,
    ServerlessConfig,
)
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext, ReferencedModel
from cdk_epc.spec.endpoint_config import instance_types_of
from cdk_epc.spec.kept import kept
from cdk_epc.spec.unresolved import ImageUri, Unresolved, is_string, known_parts

FIT_SUBJECTS: Final = (ConfigContext, InferenceComponentContext)
"""Subjects that know images and the instance types on which they run."""
FitSubject: TypeAlias = ConfigContext | InferenceComponentContext

AnyContainer: TypeAlias = ContainerDefinition | ComponentContainer


def image_of(container: AnyContainer) -> ImageReference | None:
    """Return the image of a container, as far as it is known.

    The image of a container with a model package is that of the package.
    """
    if isinstance(container, ContainerDefinition) and container.model_package_name is not None:
        return None
    image: object = container.image
    accounts = image.candidates if isinstance(image, Unresolved) else ()
    found = parse_image(known_parts(image), accounts)
    if not isinstance(image, ImageUri):
        return found
    return attrs.evolve(
        found or ImageReference(ImageHost.UNKNOWN),
        is_published=image.is_published,
        architecture=image.architecture,
    )


def traits_of(container: AnyContainer) -> ImageTraits | None:
    """Return the traits of the image of a container, if AWS publishes it."""
    image = image_of(container)
    return None if image is None else image.traits


@kept
def images_in(
    spec: ModelSpec | InferenceComponentSpec,
) -> tuple[tuple[Path, ImageReference], ...]:
    """Return the known images of a model or an inference component, each with its path."""
    return tuple(
        ((*path, "image"), image)
        for path, container in containers_in(spec)
        if (image := image_of(container)) is not None
    )


def containers_in(
    spec: ModelSpec | InferenceComponentSpec,
) -> tuple[tuple[Path, AnyContainer], ...]:
    """Return the containers of a model or an inference component, each with its path."""
    if isinstance(spec, ModelSpec):
        return spec.every_container()
    return tuple(
        ((*path, "container"), specification.container)
        for path, specification in spec.every_specification()
        if isinstance(specification.container, ComponentContainer)
    )


@attrs.frozen(eq=False, repr=False)
class HostedImage(Record):
    """Image with the instance types on which a variant or an inference component runs it.

    Attributes:
        path: Path of the model's name, or of the image of a component's container.
        model: Model with the image; ``None`` for the image of a component's container.
        image: The image.
        traits: Traits of an image that AWS publishes.
        types: Instance types, each with the path at which a finding about it is reported.
        variants: Variants that run it; several for a component that may be on any of them.
        of_model: Traits of all containers of the model; ``None`` for one that is not known.
        needs_accelerator: Whether the container is meant to use accelerators of its instance. The
            containers of a component share the instance with other components.
    """

    path: Path
    model: ReferencedModel | None
    image: ImageReference
    traits: ImageTraits | None
    types: tuple[tuple[Path, str], ...] = ()
    variants: tuple[ProductionVariant, ...] = ()
    of_model: tuple[ImageTraits | None, ...] = ()
    needs_accelerator: bool = True

    @property
    def label(self) -> str:
        """The image in messages: "image pytorch-inference:2.6.0-gpu-py312 of model Model"."""
        of_model = "" if self.model is None else f" of model {self.model.logical_id}"
        return f"{_label(self.image)}{of_model}"

    @property
    def is_serverless(self) -> bool:
        """Whether a serverless variant runs the image."""
        return any(isinstance(each.serverless_config, ServerlessConfig) for each in self.variants)

    def known_types(self) -> Iterator[tuple[Path, InstanceType]]:
        """Yield the instance types that the catalog has, each with its path."""
        for path, name in self.types:
            if instances.is_hosting_type(name):
                yield path, InstanceType.of(name)


@kept
def images_run_by(subject: FitSubject) -> tuple[ImageReference, ...]:
    """Return the known images of the models of a subject and of the component that it is about.

    `images_in` is not asked, because it keeps its result for a model or component, and an image
    that the app builds gets its architecture later, when the instance types are known.
    """
    specs: list[ModelSpec | InferenceComponentSpec] = [
        each.model for each in subject.models.values()
    ]
    if isinstance(subject, InferenceComponentContext):
        specs.append(subject.component)
    containers = (container for spec in specs for _, container in containers_in(spec))
    return tuple(image for each in containers if (image := image_of(each)) is not None)


def runs_published_image(subject: FitSubject) -> bool:
    """Return whether one of the images is in a registry of AWS."""
    return any(image.is_published for image in images_run_by(subject))


def has_published_image(spec: ModelSpec | InferenceComponentSpec) -> bool:
    """Return whether a container of a model or a component has an image in a registry of AWS."""
    return any(image.is_published for _, image in images_in(spec))


@kept
def hosted_images(subject: FitSubject) -> tuple[HostedImage, ...]:
    """Return the known images of a configuration's models, or of a component."""
    if isinstance(subject, ConfigContext):
        return tuple(_images_of_variants(subject))
    return tuple(_images_of_component(subject))


@kept
def published_images(subject: FitSubject) -> tuple[tuple[HostedImage, ImageTraits], ...]:
    """Return the known images that AWS publishes, each with its traits."""
    return tuple(
        (hosted, hosted.traits) for hosted in hosted_images(subject) if hosted.traits is not None
    )


def _images_of_variants(subject: ConfigContext) -> Iterator[HostedImage]:
    for hosted in models_of(subject):
        yield from _images_of_model(hosted.referenced, hosted.path, hosted.types, (hosted.variant,))


def _images_of_component(subject: InferenceComponentContext) -> Iterator[HostedImage]:
    for path, specification in subject.component.every_specification():
        model_path = (*path, "model_name")
        found = subject.models.get(model_path)
        container = specification.container
        if found is not None:
            images = list(_images_of_model(found, model_path))
        elif isinstance(container, ComponentContainer) and (image := image_of(container)):
            place = (*path, "container", "image")
            images = [HostedImage(place, None, image, image.traits)]
        else:
            continue
        variants = tuple(_hosting_variants(subject))
        types = _component_types(specification, path, variants)
        for each in images:
            yield attrs.evolve(
                each,
                types=tuple((place or each.path, name) for place, name in types),
                variants=variants,
                needs_accelerator=_needs_accelerator(specification),
            )


def _images_of_model(
    model: ReferencedModel,
    path: Path,
    types: tuple[tuple[Path, str], ...] = (),
    variants: tuple[ProductionVariant, ...] = (),
) -> Iterator[HostedImage]:
    containers = [container for _, container in model.model.every_container()]
    of_model = tuple(map(traits_of, containers))
    for container in containers:
        image = image_of(container)
        if image is None:
            continue
        yield HostedImage(
            path=path,
            model=model,
            image=image,
            traits=image.traits,
            types=types,
            variants=variants,
            of_model=of_model,
        )


def _label(image: ImageReference) -> str:
    """Return an image without its registry, for messages."""
    if image.architecture is not None:
        return f"the asset image for {image.architecture}"
    if image.repository is None:
        return "the image"
    tag = f":{image.tag}" if image.tag else ""
    return f"image {image.repository}{tag}"


def _hosting_variants(subject: InferenceComponentContext) -> Iterator[ProductionVariant]:
    """Yield the variants on which the component may be; none if they are not known."""
    name = subject.component.variant_name
    if subject.config is None:
        return
    for _, variant in subject.config.config.production():
        if name is None or is_same(variant.variant_name, name):
            yield variant


def _component_types(
    specification: AnySpecification, path: Path, variants: Sequence[ProductionVariant]
) -> list[tuple[Path | None, str]]:
    """Return the types of a specification; those of its variant if it is for all types."""
    name = specification.instance_type
    if is_string(name):
        return [((*path, "instance_type"), name)]
    if name is not None or len(variants) != 1:
        return []
    return [(None, each) for _, each in instance_types_of((), variants[0])]


def _needs_accelerator(specification: AnySpecification) -> bool:
    compute = specification.compute_resource_requirements
    return (
        isinstance(compute, ComputeResourceRequirements)
        and compute.number_of_accelerator_devices_required is not None
    )

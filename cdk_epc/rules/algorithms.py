"""Rules on built-in algorithms of SageMaker, whose containers need the data of a trained model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules._container_environments import RunContainer, containers_of
from cdk_epc.rules._container_images import runs_published_image
from cdk_epc.rules._model_features import models_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext, ModelContext

_CONTAINER: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html"
)
_ISSUE: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/32734"
_FIX: Final = "Set ModelDataUrl to the archive of a trained model."
_TAGS: Final = frozenset({"1", "latest"})
# The containers of sagemaker-xgboost and sagemaker-scikit-learn can also run a script.
_ALGORITHMS: Final = frozenset(
    {
        "blazingtext",
        "factorization-machines",
        "forecasting-deepar",
        "image-classification",
        "ipinsights",
        "kmeans",
        "knn",
        "lda",
        "linear-learner",
        "ntm",
        "object-detection",
        "object2vec",
        "pca",
        "randomcutforest",
        "semantic-segmentation",
        "seq2seq",
        "xgboost",
    }
)


def _untrained(container: RunContainer) -> str | None:
    """Return the name of the algorithm of a container without data; ``None`` for any other."""
    if container.has_artifacts or container.may_be_multi_model:
        return None
    found = container.reference
    is_algorithm = (
        found is not None
        and found.is_published
        and found.repository in _ALGORITHMS
        and found.tag in _TAGS
    )
    return found.repository if found is not None and is_algorithm else None


@rule(
    id="algorithm-data-missing",
    title="A model with a built-in algorithm should have the data of a trained model",
    why="SageMaker creates the model, but no endpoint with it comes into service. The API "
    "reference requires the data for built-in algorithms.",
    fix=_FIX,
    evidence=Evidence.DOCUMENTED,
    source_url=_CONTAINER,
    about=(ModelContext,),
    severity=Severity.WARNING,
)
def algorithm_data_missing(subject: ModelContext) -> Iterator[Violation]:
    for container in containers_of(subject.model):
        # hosted-algorithm-data-missing reports a model with variants.
        if (name := _untrained(container)) is not None and not subject.variants:
            yield Violation(
                path=(*container.path, "model_data_url"),
                required=f"for the built-in algorithm {name}",
                fix="Set `model_data_url` to the archive of a trained model.",
                python_fix="Pass model_data with the archive of a trained model.",
            )


@rule(
    id="hosted-algorithm-data-missing",
    title="An endpoint with a built-in algorithm must have the data of a trained model",
    why="The endpoint fails because the container has no model.",
    fix=_FIX,
    evidence=Evidence.REAL_ERROR,
    source_url=_ISSUE,
    about=(ConfigContext, InferenceComponentContext),
    when=runs_published_image,
    eager=True,
)
def hosted_algorithm_data_missing(
    subject: ConfigContext | InferenceComponentContext,
) -> Iterator[Violation]:
    if isinstance(subject, ConfigContext):
        hosted = [(each.path, each.referenced) for each in models_of(subject)]
    else:
        hosted = list(subject.models.items())
        for container in containers_of(subject.component):
            if (name := _untrained(container)) is not None:
                yield Violation(
                    path=(*container.path, "artifact_url"),
                    required=f"for the built-in algorithm {name}",
                    fix="Set `artifact_url` to the archive of a trained model.",
                    python_fix="Pass artifact with the archive of a trained model.",
                )
    for path, referenced in hosted:
        for container in containers_of(referenced.model):
            if (name := _untrained(container)) is not None:
                logical_id = referenced.logical_id
                yield Violation(
                    path=path,
                    got=logical_id,
                    sentence=f"model {logical_id} has the built-in algorithm {name} and no model "
                    "data",
                    fix=f"Set the model data of {logical_id} to the archive of a trained model.",
                )


RULES: Final = (
    algorithm_data_missing,
    hosted_algorithm_data_missing,
)

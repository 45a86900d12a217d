"""Scoring models: small models in one archive, which run in SageMaker's scikit-learn container."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cdk_epc import Container, ContainerImage, ModelData

ARTIFACT: Final = Path(__file__).parent / "artifact"
"""Folder with the code and the weights of all models, packed as an archive at synth."""


def container_of(weights: str) -> Container:
    """Return a container that scores with the weights of this name in ``artifact/weights``."""
    return Container(
        image=ContainerImage.from_dlc("sklearn", "1.2-1-cpu-py3"),
        model_data=ModelData.from_asset(str(ARTIFACT)),
        environment={
            "SAGEMAKER_PROGRAM": "inference.py",
            "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
            "WEIGHTS": weights,
        },
    )

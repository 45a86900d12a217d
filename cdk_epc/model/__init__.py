"""Models: containers, their images and artifacts, and the execution role."""

from __future__ import annotations

from cdk_epc.model.base import ModelBase
from cdk_epc.model.construct import Model
from cdk_epc.model.container import Container
from cdk_epc.model.container_image import ContainerImage
from cdk_epc.model.model_data import ModelData
from cdk_epc.model.options import ModelOptions

__all__ = ["Container", "ContainerImage", "Model", "ModelBase", "ModelData", "ModelOptions"]

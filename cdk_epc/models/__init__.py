"""Models: the containers, their images and artifacts, and the role they run with."""

from __future__ import annotations

from cdk_epc.models.base import ModelBase
from cdk_epc.models.container import Container
from cdk_epc.models.data import ModelData
from cdk_epc.models.image import ContainerImage
from cdk_epc.models.model import Model

__all__ = ["Container", "ContainerImage", "Model", "ModelBase", "ModelData"]

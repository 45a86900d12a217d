"""App: two teams with the constructs of their company, which set defaults and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Unpack

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from cdk_epc import (
    Container,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    EndpointConfigOptions,
    EndpointConfigSpec,
    EndpointOptions,
    InstanceType,
    Model,
    ModelOptions,
    Rule,
    Violation,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct


def _without_key(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.kms_key_id is None:
        yield Violation(
            path=("KmsKeyId",), required="by the company", fix="Pass the key of the team."
        )


ENCRYPTION: Final = Rule(
    id="linden-encryption",
    title="Configurations must have a key",
    why="The company encrypts all volumes.",
    check=_without_key,
)


class TeamModel(Model):
    """Model without network access."""

    def __init__(
        self, scope: Construct, construct_id: str, **options: Unpack[ModelOptions]
    ) -> None:
        options.setdefault("network_isolation", True)
        super().__init__(scope, construct_id, **options)


class TeamConfig(EndpointConfig):
    """Configuration with the tags of a team and the company's rules."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        team: str,
        **options: Unpack[EndpointConfigOptions],
    ) -> None:
        options["tags"] = {"linden:team": team, **(options.get("tags") or {})}
        options["rules"] = (ENCRYPTION, *options.get("rules", ()))
        super().__init__(scope, construct_id, **options)


class TeamEndpoint(Endpoint):
    """Endpoint with the company's alarms."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        endpoint_config: TeamConfig,
        **options: Unpack[EndpointOptions],
    ) -> None:
        super().__init__(scope, construct_id, endpoint_config=endpoint_config, **options)
        self.add_recommended_alarms()


class Team(cdk.Stack):
    """Stack of one team."""

    def __init__(self, scope: Construct, team: str, *, is_encrypted: bool = True) -> None:
        super().__init__(scope, team)
        key = kms.Key(self, "Key", enable_key_rotation=True) if is_encrypted else None
        image = ContainerImage.from_dlc("xgboost", "1.7-1")
        container = Container(image=image, model_data=f"s3://linden-{team.lower()}/model.tar.gz")
        config = TeamConfig(self, "Config", team=team, encryption_key=key)
        config.add_instance_variant(
            "main",
            model=TeamModel(self, "Model", container=container),
            instance_type=InstanceType.ML_M5_XLARGE,
            initial_instance_count=2,
        )
        TeamEndpoint(self, "Endpoint", endpoint_config=config)

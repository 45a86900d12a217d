"""How much of the serverless quotas the configurations before one take."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

import attrs

from cdk_epc.spec import EndpointConfigSpec, ServerlessConfig
from cdk_epc.spec.unresolved import is_whole
from cdk_epc.templates.app import App, Resource
from cdk_epc.templates.template import Template


@attrs.frozen
class ServerlessUsage:
    """Serverless variants, and the sum of their greatest concurrencies."""

    variants: int = 0
    concurrency: int = 0

    @classmethod
    def of(cls, config: EndpointConfigSpec) -> ServerlessUsage:
        """What one configuration takes, as far as that is known."""
        serverless = [
            variant.serverless_config
            for _, variant in config.variants()
            if isinstance(variant.serverless_config, ServerlessConfig)
        ]
        most = [each.max_concurrency for each in serverless if is_whole(each.max_concurrency)]
        return cls(len(serverless), sum(most))

    def minimum(self, other: ServerlessUsage) -> ServerlessUsage:
        """What both take at least."""
        return ServerlessUsage(
            min(self.variants, other.variants), min(self.concurrency, other.concurrency)
        )


_NOTHING: Final = ServerlessUsage()


@attrs.define(eq=False)
class UsageCounter:
    """The totals of an app, which grow while its configurations are judged in their order.

    A configuration counts with what it takes at least, whichever way it is deployed.
    """

    app: App
    _so_far: dict[Hashable, ServerlessUsage] = attrs.Factory(dict[Hashable, ServerlessUsage])
    _before: dict[tuple[int, str], ServerlessUsage] = attrs.Factory(
        dict[tuple[int, str], ServerlessUsage]
    )

    def before(self, template: Template, logical_id: str) -> ServerlessUsage:
        """What the configurations before this one take in its account and region."""
        key = (template.index, logical_id)
        if key not in self._before:
            self._before[key] = self._so_far.get(self.app.environment_of(template), _NOTHING)
        return self._before[key]

    def add(self, config: Resource, takes: ServerlessUsage) -> None:
        """Go on to the next configuration."""
        before = self.before(*config)
        self._so_far[self.app.environment_of(config[0])] = ServerlessUsage(
            before.variants + takes.variants, before.concurrency + takes.concurrency
        )

"""How much of the serverless quotas the configurations before one take."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

import attrs

from cdk_epc.spec import EndpointConfigSpec, ServerlessConfig
from cdk_epc.spec.unresolved import is_integer
from cdk_epc.templates.app import App, Located
from cdk_epc.templates.template import Source


@attrs.frozen
class Total:
    """Serverless variants, and the sum of their greatest concurrencies."""

    variants: int = 0
    concurrency: int = 0

    @classmethod
    def of(cls, config: EndpointConfigSpec) -> Total:
        """What one configuration takes, as far as that is known."""
        serverless = [
            variant.serverless_config
            for _, variant in config.variants()
            if isinstance(variant.serverless_config, ServerlessConfig)
        ]
        most = [each.max_concurrency for each in serverless if is_integer(each.max_concurrency)]
        return cls(len(serverless), sum(most))

    def least(self, other: Total) -> Total:
        """What both take at least."""
        return Total(min(self.variants, other.variants), min(self.concurrency, other.concurrency))


_NOTHING: Final = Total()


@attrs.define(eq=False)
class Totals:
    """The totals of an app, which grow while its configurations are judged in their order.

    A configuration counts with what it takes at least, whichever way it is deployed.
    """

    app: App
    _so_far: dict[Hashable, Total] = attrs.Factory(dict[Hashable, Total])
    _before: dict[tuple[int, str], Total] = attrs.Factory(dict[tuple[int, str], Total])

    def before(self, source: Source, logical_id: str) -> Total:
        """What the configurations before this one take in its account and region."""
        key = (source.index, logical_id)
        if key not in self._before:
            self._before[key] = self._so_far.get(self.app.place(source), _NOTHING)
        return self._before[key]

    def add(self, config: Located, takes: Total) -> None:
        """Go on to the next configuration."""
        before = self.before(*config)
        self._so_far[self.app.place(config[0])] = Total(
            before.variants + takes.variants, before.concurrency + takes.concurrency
        )

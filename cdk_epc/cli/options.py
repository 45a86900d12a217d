"""How to check."""

from __future__ import annotations

import attrs

from cdk_epc.rules.rule import Profile, Rule


@attrs.frozen(kw_only=True)
class CheckOptions:
    """What the command line says about the check itself.

    Attributes:
        region: The region it is for, where nothing else says so.
        profile: Whether warnings are errors.
        rules: Rules in addition to those that always apply.
    """

    region: str | None = None
    profile: Profile = Profile.DEFAULT
    rules: tuple[Rule, ...] = ()

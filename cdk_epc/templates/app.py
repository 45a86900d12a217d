"""Templates of one app, which may refer to each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from cdk_epc.checking.report import Report
from cdk_epc.rules import Finding, Profile, Rule


@attrs.frozen(kw_only=True)
class PlacedTemplate:
    """A template with what its surroundings say of it.

    Attributes:
        template: It, as JSON; short forms of intrinsic functions are written out.
        name: Its name, by which others refer to it: the file's.
        region: The region that it is deployed to, where that is known.
        account: The account, where that is known.
        nested: The names of the templates of its nested stacks, by their logical ids.
        acknowledged: The reasons by rule id, by the construct path that they hold for and below.
    """

    template: Mapping[str, Any]
    name: str = "template"
    region: str | None = None
    account: str | None = None
    nested: Mapping[str, str] = attrs.Factory(dict[str, str])
    acknowledged: Mapping[str, Mapping[str, str]] = attrs.Factory(dict[str, Mapping[str, str]])


def review_app(
    templates: Sequence[PlacedTemplate],
    *,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> list[Report]:
    """Check templates of one app together; one report for each, in their order."""
    raise NotImplementedError


def review_template(
    template: Mapping[str, Any],
    *,
    region: str | None = None,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> Report:
    """Check one template."""
    placed = PlacedTemplate(template=template, region=region)
    (report,) = review_app([placed], rules=rules, profile=profile)
    return report


def check_template(
    template: Mapping[str, Any],
    *,
    region: str | None = None,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> list[Finding]:
    """Every finding of `review_template`, which says what the arguments are."""
    return list(review_template(template, region=region, rules=rules, profile=profile).findings)

"""Every metric that the alarms and the dashboards of a template name, and how it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import attrs

Json: TypeAlias = Mapping[str, Any]

ALARM, DASHBOARD = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"


@attrs.frozen
class Read:
    """A metric as somebody reads it."""

    namespace: str
    name: str
    dimensions: tuple[str, ...]
    statistic: str


def of_type(template: Json, kind: str) -> dict[str, Json]:
    """The properties of the resources of a type, by logical id."""
    resources = template["Resources"].items()
    return {id_: each["Properties"] for id_, each in resources if each["Type"] == kind}


def bodies_of(template: Json) -> list[Json]:
    """The bodies of the dashboards, each reference in them replaced by a word."""
    return [
        json.loads(_text(each["DashboardBody"])) for each in of_type(template, DASHBOARD).values()
    ]


def _text(body: Any) -> str:
    if isinstance(body, str):
        return body
    parts = body["Fn::Join"][1]
    return "".join(each if isinstance(each, str) else "reference" for each in parts)


def metrics_in(template: Json) -> list[Read]:
    """All of them."""
    alarms = [read for each in of_type(template, ALARM).values() for read in _of_alarm(each)]
    return alarms + [read for each in bodies_of(template) for read in _of_body(each)]


def _of_alarm(alarm: Json) -> Iterator[Read]:
    if "MetricName" in alarm:
        statistic = alarm.get("Statistic") or alarm["ExtendedStatistic"]
        yield _read(alarm, statistic)
    for query in alarm.get("Metrics", ()):
        if "MetricStat" in query:
            yield _read(query["MetricStat"]["Metric"], query["MetricStat"]["Stat"])


def _read(metric: Json, statistic: str) -> Read:
    names = tuple(sorted(each["Name"] for each in metric["Dimensions"]))
    return Read(metric["Namespace"], metric["MetricName"], names, statistic)


def _of_body(body: Json) -> Iterator[Read]:
    for widget in body["widgets"]:
        for line in widget["properties"].get("metrics", ()):
            if isinstance(line[0], str):
                namespace, name, *dimensions, options = line
                statistic = options.get("stat", "Average")
                yield Read(namespace, name, tuple(sorted(dimensions[::2])), statistic)

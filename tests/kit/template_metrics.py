"""Metrics of the alarms and dashboards in a template."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import attrs

Json: TypeAlias = Mapping[str, Any]

ALARM, DASHBOARD = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"


@attrs.frozen
class MetricRead:
    """Metric of an alarm or a dashboard, with the names of its dimensions."""

    namespace: str
    name: str
    dimensions: tuple[str, ...]
    statistic: str


def of_type(template: Json, type_: str) -> dict[str, Json]:
    """Return the properties of the resources of a type, by logical id."""
    resources = template["Resources"].items()
    return {id_: each["Properties"] for id_, each in resources if each["Type"] == type_}


def dashboard_bodies(template: Json) -> list[Json]:
    """Return the bodies of the dashboards, with a word in place of each reference."""
    return [
        json.loads(_text(each["DashboardBody"])) for each in of_type(template, DASHBOARD).values()
    ]


def _text(body: Any) -> str:
    if isinstance(body, str):
        return body
    parts = body["Fn::Join"][1]
    return "".join(each if isinstance(each, str) else "reference" for each in parts)


def metrics_in(template: Json) -> list[MetricRead]:
    """Return the metrics of all alarms and dashboards."""
    alarms = [read for each in of_type(template, ALARM).values() for read in _in_alarm(each)]
    return alarms + [read for each in dashboard_bodies(template) for read in _in_dashboard(each)]


def _in_alarm(alarm: Json) -> Iterator[MetricRead]:
    if "MetricName" in alarm:
        statistic = alarm.get("Statistic") or alarm["ExtendedStatistic"]
        yield _read(alarm, statistic)
    for query in alarm.get("Metrics", ()):
        if "MetricStat" in query:
            yield _read(query["MetricStat"]["Metric"], query["MetricStat"]["Stat"])


def _read(metric: Json, statistic: str) -> MetricRead:
    names = tuple(sorted(each["Name"] for each in metric["Dimensions"]))
    return MetricRead(metric["Namespace"], metric["MetricName"], names, statistic)


def _in_dashboard(body: Json) -> Iterator[MetricRead]:
    for widget in body["widgets"]:
        for series in widget["properties"].get("metrics", ()):
            if isinstance(series[0], str):
                namespace, name, *dimensions, options = series
                statistic = options.get("stat", "Average")
                yield MetricRead(namespace, name, tuple(sorted(dimensions[::2])), statistic)

"""Synthesize the templates of the fleet."""

from sample_app.fleet.app import build

build().synth()

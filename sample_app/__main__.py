"""Synthesize the shop's templates; `cdk.json` runs this module."""

from sample_app.app import build

build().synth()

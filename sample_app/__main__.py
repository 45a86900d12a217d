"""Write the shop's templates; `cdk.json` starts this."""

from sample_app.app import build

build().synth()

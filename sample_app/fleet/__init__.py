"""Two hundred endpoints from a data file: a demand forecast for each store.

`python -m sample_app.fleet` synthesizes the templates, and `cdk --app` takes it as the app.
"""

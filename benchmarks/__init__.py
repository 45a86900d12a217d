"""How the constructs compare with writing the same by hand: `python -m benchmarks`."""

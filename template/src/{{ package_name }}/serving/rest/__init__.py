"""The accepted model as an HTTP service: `python -m` this package starts it."""

"""The canary of edge bundles."""

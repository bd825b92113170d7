"""The canary of the REST service."""

"""The canary of the REST service: replay, shadow, then a rising share of the requests."""

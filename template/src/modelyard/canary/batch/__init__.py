"""The canary of the batch target."""

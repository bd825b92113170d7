"""The accepted model as a service."""

"""The accepted model applied to files."""

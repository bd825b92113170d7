"""The runtime of every project: its pipeline, serving, monitoring and release."""

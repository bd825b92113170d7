"""Monitoring of recorded predictions: drift, quality, age, data feed."""

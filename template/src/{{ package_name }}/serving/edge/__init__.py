"""Predictions on a device without network: a bundle of files, its runner, and how it is built."""

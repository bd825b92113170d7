"""The model on a device without network."""

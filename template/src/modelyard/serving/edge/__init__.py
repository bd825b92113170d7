"""Edge target: the model on a device without network."""

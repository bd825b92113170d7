"""The accepted model, asked by a service, a batch or a device."""

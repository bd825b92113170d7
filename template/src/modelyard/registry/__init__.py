"""Which model is which version, where it serves, who said so, and how to go back."""

"""What arrives, what is right about it, and how it is split."""

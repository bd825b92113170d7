"""Many projects at once: what is asked of one, asked of all, with the work shared."""

"""Tools of the template repository."""

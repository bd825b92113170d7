"""From rows to the features that models read."""

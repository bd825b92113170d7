"""From a row to the numbers that a model reads, the same in training and in serving."""

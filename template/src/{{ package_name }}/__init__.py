"""From raw rows to served predictions: data, features, models, serving."""

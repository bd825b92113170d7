"""The code of this project: schema, ingest, features, estimators, REST application."""

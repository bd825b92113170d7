"""Model registry: versions, stages, history of promotions, rollback, audit."""

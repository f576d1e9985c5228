"""The store's migrations (Alembic), from the first version on, each with its way back."""

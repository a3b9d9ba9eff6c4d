"""Alembic's migrations, applied at the start."""

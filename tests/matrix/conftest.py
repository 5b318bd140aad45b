"""The house of the API tests, for the matrix."""

from tests.api.conftest import house, postgres_template, sqlite_template

__all__ = ["house", "postgres_template", "sqlite_template"]

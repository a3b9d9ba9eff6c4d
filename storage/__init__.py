"""All SQL statements, and the migrations."""

"""All SQL, and the migrations."""

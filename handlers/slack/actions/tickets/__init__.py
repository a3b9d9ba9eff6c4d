"""A ticket's life: handling, triage and closing."""

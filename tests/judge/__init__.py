"""The judge of the breaking tests: what must be true at the end, worked out a second time.

It knows what people did (the ledger, kept by the workspace and by those who press), what the
plans promise (the catalogue files, by minute counting), what the store holds (by SQL) and what
Slack shows. It shares no code with the desk.
"""

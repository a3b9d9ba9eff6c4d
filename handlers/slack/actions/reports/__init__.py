"""Reports: lists of tickets, digests and their files."""

"""Agreements: the contract with a client.

Catalogues, plans, agreements, quota, billing periods, statements, and recurring tasks.
"""

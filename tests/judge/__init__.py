"""The judge of the fault tests: works out the expected end state independently.

The judge reads people's actions (the ledger), the promises of the plans (the catalogue files, by
counting minutes), the rows of the store (by SQL) and the messages in Slack. The judge shares no
code with the product.
"""

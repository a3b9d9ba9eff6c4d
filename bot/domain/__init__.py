"""The rules of support promises, as pure functions of values.

Imports only the standard library and `holidays`.
"""

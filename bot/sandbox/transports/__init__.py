"""Delivery to the app over Socket Mode or HTTP."""

"""Faults that tests order for calls of the Web API and for deliveries of events."""

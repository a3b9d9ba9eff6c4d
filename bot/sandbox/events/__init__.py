"""The JSON bodies of people, channels, messages and events."""

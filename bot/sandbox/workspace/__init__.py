"""The state of a workspace: people, channels, messages, files, views and the rights of the app."""

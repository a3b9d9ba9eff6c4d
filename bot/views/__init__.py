"""Every word and card that people see: pure builders of Slack's Block Kit."""

"""Ways in: Slack (`slack`) and HTTP (`http`)."""

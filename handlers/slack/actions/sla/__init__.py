"""Due times: why a ticket is due when it is."""

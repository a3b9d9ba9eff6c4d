"""SLA clocks: what each metric measures of a ticket, with pauses and deadlines."""

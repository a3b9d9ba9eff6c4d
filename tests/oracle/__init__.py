"""An independent calculation of deadlines: counts minutes and shares no code with the product."""

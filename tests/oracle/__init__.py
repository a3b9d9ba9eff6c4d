"""A second opinion on deadlines: it counts minutes, and shares no code with the product."""

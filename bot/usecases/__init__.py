"""What the desk does. Each use-case runs inside one transaction that its caller, a door, owns."""

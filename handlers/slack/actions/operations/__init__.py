"""Operations: clients, staff and help."""

"""eID login, sessions, acting for another."""

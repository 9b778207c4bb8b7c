"""Storage and the one loop: append, replay, verify, rebuild. Writes through the connection it is given."""

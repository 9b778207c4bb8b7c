"""Pages of the money chain: where it flows and rests, where it comes from and goes to, what was paid."""

"""Documents by hash: uploaded in chunks, stored once, scrubbed against their hashes."""

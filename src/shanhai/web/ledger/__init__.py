"""The ledger as its readers see it: files for programs, proofs for visitors, pages for the curious."""

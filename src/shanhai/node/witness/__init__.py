"""Witnessed ledgers: mirrors re-execute every act and cosign; time, keys, disk and transport are arguments."""

"""An officer's work: what is to do, drafts under way, and batch decisions being prepared."""

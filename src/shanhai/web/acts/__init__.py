"""One page serves every act: a form from its fields, a dry run in words, the bytes to sign."""

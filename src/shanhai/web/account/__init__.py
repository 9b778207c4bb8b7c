"""An officer's own account: posts, keys, sign-in, preferences."""

"""The pages: a shell, and a folder for each part."""

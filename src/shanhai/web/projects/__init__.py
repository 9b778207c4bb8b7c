"""The page of a project: where it stands, its money, what belongs to it, its papers and its history."""

"""The public portal: pairs, figures, money, projects, notices, open data, and a protected way to complain."""

"""Rules as data: a TOML file of fields, dated parameters and rules, read strictly and refused with the place."""

"""Screening: rules as data over households, three-valued, on DuckDB or Spark; a risk score beside them."""

"""Aggregation of the children of a node into its score: means, outranking, distances, penalties."""

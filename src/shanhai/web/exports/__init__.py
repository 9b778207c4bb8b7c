"""Exports of what a list shows: same filters, same order, same scope, as a stream."""

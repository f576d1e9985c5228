"""Generators of labelled databases, for measuring and fitting; other seeds and other sources of values than the tests use."""

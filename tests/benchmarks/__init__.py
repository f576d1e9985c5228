"""Tests of the generators of labelled databases."""

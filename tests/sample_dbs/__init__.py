"""Tests of the sample databases."""

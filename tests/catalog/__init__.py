"""Tests of sensscan.catalog."""

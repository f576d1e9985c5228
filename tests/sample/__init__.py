"""Tests of sensscan.sample."""

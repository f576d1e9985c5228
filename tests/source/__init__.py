"""Tests of sensscan.source."""

"""Step 5, connect: what one table says about a column of another.

A pure function over all results of a source. Every column is judged from the verdicts before linking (`Classification.unlinked`), so
neither the order of tables nor an earlier linking changes the outcome, and a link vanishes when its reason does.
"""

from sensscan.link.linking import link

__all__ = ["link"]

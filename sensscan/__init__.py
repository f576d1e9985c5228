"""sensscan finds where a database holds sensitive data, says of which kind, how sure it is and why."""

__version__ = "0.1.0"

"""Which columns a run examines, and why each: full, incremental, manual, watch."""

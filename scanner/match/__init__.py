"""Search among references. Pure: tables live in the store."""

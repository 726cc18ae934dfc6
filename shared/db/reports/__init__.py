"""Listings that people look at: read-only, for the operator's command line.

Each is of one client, newest first, bounded, and served by an index on (client_id, …) or (lead_id, …).
"""

"""The fault suite: the running stack is broken on purpose, and afterwards a checker verifies the invariants.

``python -m tests.faults`` runs it; it is not part of the ordinary tests, whose runner finds nothing here.
"""

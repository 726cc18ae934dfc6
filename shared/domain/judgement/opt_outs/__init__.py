"""Opt-outs: what is certainly one, and what may be one.

Each language has a grammar (``grammars``) in a small notation (``notation``) over tokens (``tokens``). ``certain``
understands whole messages by it, ``suspicion`` looks for the shape of a demand anywhere.
"""

"""The composition root: builds what each function needs from its settings. Nothing connects here.

One module per kind of function, so that the webhook carries and loads only its own parts.
"""

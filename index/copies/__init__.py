"""Near-duplicate texts: wire copy, syndication, one page under two addresses. Found while the index is filled.

    Document ─sketch─▶ bands ─table─▶ candidates ─alike─▶ groups ─▶ copyof: and is:copy of each Document

`sketch` and `alike` are pure, `table` is on disk, `marking` joins them and knows batches. Engines see keywords alone.
"""

"""A small invented newsroom to try Backfile on: some two dozen stories that cite each other, served on loopback.

    from sample_newsroom.server import serve

    with serve() as newsroom:
        newsroom.urls        # the front stories
        newsroom.connect_to  # for [fetch.connect_to]: every name leads here
        newsroom.settings()  # backfile.toml for it, as text

Needs the "dev" extra (trustme makes the certificates). Scripts and tests find it because scripts/ is on their path.
"""

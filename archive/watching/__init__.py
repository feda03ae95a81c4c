"""The watching wing: pages, feeds and stored queries seen again, and the word that goes out about what is new.

watches → polling and schedule → notices → notifying.
"""

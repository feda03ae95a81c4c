"""The watching wing: pages, feeds and stored queries seen again, and the word that goes out about what is new.

watches → run → looking and polling; decide and schedule say what becomes of it; notices → notifying.
"""

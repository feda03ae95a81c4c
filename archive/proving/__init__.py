"""Proofs: what the archive can say of one text of one page, in one page to hand over; facts → page and JSON.

A proof is a statement of this program about what it stored; what makes it hold is that every byte that it names can be
looked up and hashed by anybody, in the WARC files or in an export of them.
"""

from archive.proving.case import prove_all, prove_one
from archive.proving.facts import Proof, Proved

__all__ = ["Proof", "Proved", "prove_all", "prove_one"]

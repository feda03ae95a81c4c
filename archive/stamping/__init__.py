"""Time stamps (RFC 3161): somebody else vouches that bytes were there at a time; asked for, kept, checked.

bytes ─ digest ─▶ a server that the settings name ─▶ its signed reply ─▶ beside a step of the manifest, or in a package
"""

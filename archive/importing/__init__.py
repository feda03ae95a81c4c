"""The importing wing: a job and its rows, from the items of a file to what became of each.

run → job → rows, with what an item is stored as in `converting` and a body that stands elsewhere in `repeats`.
"""

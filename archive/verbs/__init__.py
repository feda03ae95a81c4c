"""What an archive can do, by what it is about: each verb is a few lines, and calls the module that does the work."""

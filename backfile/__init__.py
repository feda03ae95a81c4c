"""The doors: the command line (and later pages) over `archive` and `index`."""

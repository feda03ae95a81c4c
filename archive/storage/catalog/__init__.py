"""The rows: everything that is looked up, in one SQLite file that warc/ can make anew."""

"""The bytes: WARC records as they are packed, written, read again and repaired."""

"""Captures in a bucket: any store that speaks S3 and has create-only writes. Needs the extra `s3`."""

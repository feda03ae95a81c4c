"""Whatever brings pages in is one kind of job: its items, a ledger of what became of each, and the job of `add`."""

"""The texts that a page has carried: which of them is meant (`which`, pure), and the page as it stood then (`past`)."""

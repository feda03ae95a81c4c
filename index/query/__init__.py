"""The query language: nodes (the tree), parse (text to tree), match by way of plan, explain (tree to words)."""

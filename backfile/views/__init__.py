"""Every row of JSON that a door gives out, once: its keys in their order, each with its meaning, and how it is made.

    emit(HitRow.of(hit))

A row is a frozen dataclass; what stands beside a field's type is its meaning, and docs/cli.md is made of both. Keys may
be added, none is renamed or taken away: scripts hold on to them, whatever becomes of the model. What is inside of a
value (an article, a mention, a capture's counts) is the model's own, and so are its words.

Rows stand in families, so that a command loads its own alone; `printed` says which command prints which.
"""

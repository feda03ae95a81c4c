"""An engine on a cluster of OpenSearch, for archives that outgrow one machine: spoken to over plain HTTP."""

from __future__ import annotations

from index.engines.opensearch.engine import open_engine

__all__ = ["open_engine"]

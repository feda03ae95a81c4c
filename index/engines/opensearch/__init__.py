"""An engine on a cluster of OpenSearch, for archives that outgrow one machine: spoken to over plain HTTP."""

from __future__ import annotations

from index.engines.opensearch.engine import adopt, open_engine, where

__all__ = ["adopt", "open_engine", "where"]

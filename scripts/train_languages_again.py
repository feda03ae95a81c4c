"""Text that links had marked, marked anew by a network that people's marks have taught (with torch)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch.nn import functional
from train_data import LABELS
from train_languages_data import UNMARKED
from train_languages_network import DOUBTED, Batches, Material, Net, Unit

SILVER = ("wikiann", "wikiner")  # styles


def relabelled(
    given: Material, dilations: Sequence[int], weights: dict[str, torch.Tensor]
) -> tuple[Material, torch.Tensor]:
    """Text marked by links as the network would mark it, and the probabilities that its labels now are rows of.

    A name that the links mark keeps half of its weight; what they leave unmarked is often a name.
    """
    net, batches = Net(given, dilations), Batches(given, 0)
    net.load_state_dict(weights)
    net.eval()
    rows, units, count = list[torch.Tensor](), list[Unit](), 0
    for unit in given.units:
        if unit.style not in SILVER:
            units.append(unit)
            continue
        batch = batches.whole([unit])
        with torch.no_grad():
            found = torch.softmax(net(batch), -1)
        named = (batch.labels >= 0) & (batch.labels != LABELS.index("O"))
        found[named] = (found[named] + functional.one_hot(batch.labels[named], len(LABELS))) / 2
        rows.append(found)
        labels = np.where(unit.labels == UNMARKED, UNMARKED, DOUBTED + count + np.arange(len(unit.labels)))
        units.append(replace(unit, style="gold", labels=labels))
        count += len(labels)
    return replace(given, units=units), torch.cat(rows) if rows else torch.zeros(0, len(LABELS))

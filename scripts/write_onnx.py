"""The trained network as an ONNX file: weights in eight bits, activations quantised as they come.

Each column of a matrix has its own step, and so has each block of 32 numbers of a piece's vector, which are in four
bits. Weights use seven of the eight bits, so that the sums of processors without VNNI cannot overflow. The label layer
stays in floats. Some operators are onnxruntime's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

Array = npt.NDArray[np.generic]
Weights = Mapping[str, npt.NDArray[np.float32]]
OPSET = 17
_MOST_WEIGHT = 63
_OURS = "com.microsoft"  # the domain of onnxruntime's fused operators
_EPSILON = 1e-12
_BLOCK, _LEAST_IN_BLOCK = 32, 8


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, name: str, array: Array) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], outputs: str | Sequence[str], **attributes: object) -> str:
        """Add a node; the name of its first output."""
        names = [outputs] if isinstance(outputs, str) else list(outputs)
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=names[0], **attributes))
        return names[0]

    def ours(self, kind: str, inputs: Sequence[str], output: str, **attributes: object) -> str:
        return self.node(kind, inputs, output, domain=_OURS, **attributes)

    def matrix(self, name: str, weight: npt.NDArray[np.float32]) -> tuple[str, str]:
        """The names of a matrix (inputs × outputs) in whole numbers and of its columns' steps."""
        step = _steps(np.abs(weight).max(axis=0), _MOST_WEIGHT)
        numbers = np.round(weight / step).astype(np.int8)
        return self.constant(name, numbers), self.constant(f"{name}.step", step)

    def normal(self, name: str, rows: str, gamma: Array, beta: Array) -> str:
        """Layer normalisation step by step: each is vectorised; the one operator for all takes three times as long."""
        size = self.constant(f"{name}.size", np.array([gamma.size], np.float32))
        least = self.constant(f"{name}.least", np.array([_EPSILON], np.float32))
        mean = self.node("ReduceMean", [rows], f"{name}.mean", axes=[-1])
        apart = self.node("Sub", [rows, mean], f"{name}.apart")
        spread = self.node("ReduceSumSquare", [apart], f"{name}.squares", axes=[-1])
        spread = self.node("Div", [spread, size], f"{name}.variance")
        spread = self.node("Add", [spread, least], f"{name}.spread")
        spread = self.node("Sqrt", [spread], f"{name}.deviation")
        even = self.node("Div", [apart, spread], f"{name}.even")
        even = self.node("Mul", [even, self.constant(f"{name}.gamma", gamma)], f"{name}.scaled")
        return self.node("Add", [even, self.constant(f"{name}.beta", beta)], f"{name}.out")


def network(weights: Weights, heads: int, about: Mapping[str, str], *, labels: int | None = None) -> ModelProto:
    """The model: (pieces, firsts) as multilingual.Run has them → a row of probabilities for each word.

    `weights` are those of train_multilingual_network.Multilingual; `about` goes into the file's metadata. Where the
    label layer has more than `labels` outputs, they are rows for a piece's signs, and `firsts` numbers those rows
    (sign_pieces.py).
    """
    graph = _Graph()
    rows = _input(graph, weights, _in_blocks(graph, weights))
    layers = sum(1 for name in weights if name.endswith("qkv.weight"))
    for number in range(layers):
        rows = _layer(
            graph, {n.removeprefix(f"ls.{number}."): w for n, w in weights.items()}, f"l{number}", rows, heads
        )
    size, outputs = weights["n.weight"].size, weights["out.bias"].size
    labels = labels or outputs
    found = graph.node("Reshape", [rows, graph.constant("flat", np.array([-1, size]))], "rows")
    if labels == outputs:
        found = graph.node("Gather", [found, "firsts"], "words")
    found = graph.node("MatMul", [found, graph.constant("out", weights["out.weight"].T)], "out.product")
    found = graph.node("Add", [found, graph.constant("out.bias", weights["out.bias"])], "scores")
    if labels != outputs:
        found = graph.node("Reshape", [found, graph.constant("labels", np.array([-1, labels]))], "scores.places")
        found = graph.node("Gather", [found, "firsts"], "words")
    graph.node("Softmax", [found], "probabilities", axis=-1)
    inputs = [
        helper.make_tensor_value_info("pieces", TensorProto.INT64, ["length"]),
        helper.make_tensor_value_info("firsts", TensorProto.INT64, ["words"]),
    ]
    told = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["words", labels])]
    made = helper.make_graph(graph.nodes, "names", inputs, told, graph.constants)
    domains = [helper.make_opsetid("", OPSET), helper.make_opsetid(_OURS, 1)]
    model = helper.make_model(made, opset_imports=domains, ir_version=10, producer_name="backfile")
    helper.set_model_props(model, dict(about))
    checker.check_model(model)
    return model


def _in_blocks(graph: _Graph, weights: Weights) -> str:
    """The vectors of the pieces in blocks of four-bit numbers: exact where that is what they were read from.

    The number that is farthest from zero is 8 steps from it, to the side to which the numbers of four bits reach less.
    """
    vectors = weights["we.weight"].reshape(len(weights["we.weight"]), -1, _BLOCK)
    far = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=2)[:, :, None], axis=2)
    step = (far / -_LEAST_IN_BLOCK).astype(np.float16)
    divisor = np.where(step == 0, 1, step).astype(np.float32)
    numbers = np.clip(np.round(vectors / divisor), -_LEAST_IN_BLOCK, _LEAST_IN_BLOCK - 1).astype(np.int8) & 15
    pairs = numbers.reshape(-1, 2)
    raw = (pairs[:, 0] | pairs[:, 1] << 4).astype(np.uint8).tobytes()
    shape = weights["we.weight"].shape
    graph.constants.append(helper.make_tensor("piece_vectors", TensorProto.INT4, shape, raw, raw=True))
    given = ["piece_vectors", "pieces", graph.constant("piece_vectors.step", step[:, :, 0])]
    sizes = {"block_size": _BLOCK, "gather_axis": 0, "quantize_axis": 1}
    found = graph.ours("GatherBlockQuantized", given, "piece.halves", **sizes)
    return graph.node("Cast", [found], "piece", to=TensorProto.FLOAT)


def _input(graph: _Graph, weights: Weights, found: str) -> str:
    """Vectors of pieces and places → the first layer's rows."""
    places = graph.constant("places", weights["pe.weight"] + weights["te"])
    shape = graph.node("Shape", ["pieces"], "length")
    begin = graph.constant("zero", np.array([0]))
    place = graph.node("Slice", [places, begin, shape, begin], "place")
    found = graph.node("Add", [found, place], "placed")
    rows = graph.normal("input", found, weights["n.weight"], weights["n.bias"])
    # Attention wants a dimension for several runs; we show one at a time.
    return graph.node("Unsqueeze", [rows, begin], "input.rows")


def _layer(graph: _Graph, own: Weights, name: str, rows: str, heads: int) -> str:
    def constant(key: str) -> str:
        return graph.constant(f"{name}.{key}", own[key])

    def product(key: str, given: str, *bias: str) -> str:
        matrix, step = graph.matrix(f"{name}.{key}.matrix", own[f"{key}.weight"].T)
        return graph.ours("DynamicQuantizeMatMul", [given, matrix, step, *bias], f"{name}.{key}")

    def added(key: str, norm: str, given: str) -> str:
        found = product(key, given, "", constant(f"{key}.bias"))
        found = graph.node("Add", [rows, found], f"{name}.{key}.sum")
        return graph.normal(f"{name}.{norm}", found, own[f"{norm}.weight"], own[f"{norm}.bias"])

    quantised = [f"{name}.in", f"{name}.in.step", f"{name}.in.zero"]
    graph.node("DynamicQuantizeLinear", [rows], quantised)
    matrix, step = graph.matrix(f"{name}.qkv.matrix", own["qkv.weight"].T)
    inputs = [quantised[0], matrix, constant("qkv.bias"), quantised[1], step, "", quantised[2]]
    mixed = graph.ours("QAttention", inputs, f"{name}.mixed", num_heads=heads)
    rows = added("o", "n1", mixed)
    inner = graph.ours("BiasGelu", [product("i", rows), constant("i.bias")], f"{name}.inner")
    return added("f", "n2", inner)


def _steps(most: npt.NDArray[np.float32], numbers: int) -> npt.NDArray[np.float32]:
    return np.maximum(most / numbers, np.finfo(np.float32).tiny).astype(np.float32)

"""Writes converted weights (balse tag --convert) as an ONNX model: write_onnx.py WEIGHTS.safetensors NET.onnx

ONNX is protocol buffers; the few messages needed are written out here (field numbers of onnx.proto3)."""

import json
import struct
import sys


def varint(n):
    out = b""
    while n >= 128:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def message(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def number(field, value):
    return varint(field << 3) + varint(value)


def ints(name, values):
    return message(5, message(1, name) + b"".join(number(8, v) for v in values) + number(20, 7))


def node(kind, inputs, output, *attributes):
    names = b"".join(message(1, name) for name in inputs) + message(2, output)
    return message(1, names + message(3, output) + message(4, kind) + b"".join(attributes))


def tensor(name, shape, content):
    return message(5, b"".join(number(1, d) for d in shape) + number(2, 1) + message(8, name) + message(9, content))


def value_info(field, name, shape):
    dims = b"".join(message(1, message(2, d) if isinstance(d, str) else number(1, d)) for d in shape)
    return message(field, message(1, name) + message(2, message(1, number(1, 1) + message(2, dims))))


source, target = sys.argv[1:]
data = open(source, "rb").read()
length = struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8 : 8 + length])
pools = {"conv1_1", "conv2_1", "conv3_2", "conv4_2", "conv5_2"}
layers = "conv1_1 conv2_1 conv3_1 conv3_2 conv4_1 conv4_2 conv5_1 conv5_2 conv6_1 conv6_2 conv6_3 conv6_4".split()
nodes, tensors, top = [], [], "data"
for layer in layers:
    for part in ("weight", "bias"):
        entry = header[f"{layer}.{part}"]
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors.append(tensor(f"{layer}.{part}", entry["shape"], data[begin:end]))
        outputs = entry["shape"][0]
    nodes.append(node("Conv", [top, f"{layer}.weight", f"{layer}.bias"], layer, ints("kernel_shape", [3, 3]), ints("pads", [1] * 4)))
    top = layer
    if layer != layers[-1]:
        nodes.append(node("Relu", [top], f"relu_{layer}"))
        top = f"relu_{layer}"
    if layer in pools:
        nodes.append(node("MaxPool", [top], f"pool_{layer}", ints("kernel_shape", [2, 2]), ints("strides", [2, 2])))
        top = f"pool_{layer}"
nodes.append(node("GlobalAveragePool", [top], "average"))
nodes.append(node("Sigmoid", ["average"], "prob"))
graph = b"".join(nodes) + message(2, "illustration2vec") + b"".join(tensors)
graph += value_info(11, "data", ["batch", 3, 224, 224]) + value_info(12, "prob", ["batch", outputs, 1, 1])
with open(target, "wb") as file:
    file.write(number(1, 8) + message(7, graph) + message(8, message(1, "") + number(2, 13)))

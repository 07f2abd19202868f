"""Writes python.safetensors next to this script: pip install safetensors numpy; python write.py."""

import pathlib

import numpy
from safetensors.numpy import save_file

tensors = {
    "conv_in.weight": numpy.arange(-9, 9, dtype=numpy.float32).reshape(2, 1, 3, 3) / 8,
    "conv_in.bias": numpy.array([0.1, -1e-30], dtype=numpy.float32),
    "scalar": numpy.array(3.5, dtype=numpy.float32),
    "empty": numpy.zeros((0, 4), dtype=numpy.float32),
}
file = pathlib.Path(__file__).with_name("python.safetensors")
save_file(tensors, file, metadata={"format": "np", "made by": "Zoë"})

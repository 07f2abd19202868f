"""read_all.py FOLDER: reads the images of every file there as HDF5's library does.

Writes the pixels of NAME as float32, in the order N x C x H x W, to NAME.pixels; or nothing, when they cannot be read. Each
file is read in a process of its own, because some broken files crash the library.
"""
import os
import signal
import sys

import h5py

try:
    import hdf5plugin  # noqa: F401
except ImportError:
    pass
import numpy as np

SECONDS = 20


def read(path):
    with h5py.File(path, "r") as f:
        name = next(n for n in ("images", "image") if n in f)
        node = f[name]
        pixels = node[()] if isinstance(node, h5py.Dataset) else np.stack([node[key][()] for key in sorted(node)])
        if pixels.ndim == 4:
            pixels = np.moveaxis(pixels, 3, 1)
        scaled = pixels / np.float32(255) if pixels.dtype == np.uint8 else pixels
        scaled.astype("<f4").tofile(path + ".pixels")


for name in sorted(os.listdir(sys.argv[1])):
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        try:
            read(os.path.join(sys.argv[1], name))
        except BaseException:
            os._exit(1)
        os._exit(0)
    os.waitpid(child, 0)

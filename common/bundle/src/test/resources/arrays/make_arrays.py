"""Creates the files in this folder: python3 make_arrays.py (NumPy 2.4, SciPy 1.16, h5py 3.16).

Images are 4 x 3 x 2 (count, height, width): the pixel of image i at row y, column x is 100 i + 10 y + x, modulo 256.
"""
import os

import h5py
import numpy as np
import scipy.io

HERE = os.path.dirname(os.path.abspath(__file__))
N, H, W = 4, 3, 2
I, Y, X = np.ogrid[:N, :H, :W]
IMAGES = ((100 * I + 10 * Y + X) % 256).astype("u1")
GAZE = (I[:, :, 0] * np.ones(3) + [0.0, 0.25, 0.5]).astype("f4")


def at(name):
    return os.path.join(HERE, name)


# Every type and order of NumPy that is read, and two that are left out.
np.savez(
    at("types.npz"),
    images=IMAGES,
    turned=np.asfortranarray(IMAGES),
    gaze=GAZE,
    big=GAZE.astype(">f8"),
    bytes=np.array([-1, 0, 1, 127], "i1"),
    shorts=np.array([1, 2, 3, 65535], "u2"),
    longs=np.array([2**62 + 1, -1, 0, 1], ">i8"),
    flags=np.array([True, False, True, False]),
    words=np.array(["a", "", "äöü", "日本"]),
    ascii=np.array([b"left", b"r", b"", b"up"]),
    camera=np.eye(3),
    scalar=7.5,
    objects=np.array([{}, 1, None, "x"], dtype=object),
    complex=np.ones(4, "c16"),
)
np.savez_compressed(at("colour.npz"), x=np.stack([IMAGES, IMAGES + 1, IMAGES + 2], axis=1), y=np.arange(N))
np.savez_compressed(at("two.npz"), train=IMAGES, test=IMAGES)
np.savez_compressed(at("last.npz"), images=np.moveaxis(IMAGES, 0, 2), gaze=GAZE)
np.save(at("alone.npy"), IMAGES)

# As MPIIGaze has it: a struct of structs, and names in a cell.
names = np.array(["0001.jpg", "0002.jpg", "0003.jpg", "0004.jpg"], dtype=object).reshape(N, 1)
eye = {"image": IMAGES, "gaze": GAZE.astype("f8"), "pose": GAZE.astype("f4"), "row": np.arange(N).reshape(1, N)}
scipy.io.savemat(at("mpiigaze.mat"), {"data": {"left": eye}, "filenames": names, "title": "eyes"}, do_compression=True)

# Version 7.3 is HDF5 behind 512 bytes of header, with dimensions reversed.
with h5py.File(at("mpiigaze_73.mat"), "w", userblock_size=512) as f:
    for name, array, kind in [("image", IMAGES, "uint8"), ("gaze", GAZE.astype("f8"), "double")]:
        data = f.create_dataset("data/left/" + name, data=array.T, compression="gzip")
        data.attrs["MATLAB_class"] = np.bytes_(kind)
    title = f.create_dataset("title", data=np.array([[ord(c)] for c in "eyes"], "u2"))
    title.attrs["MATLAB_class"] = np.bytes_("char")
    cell = f.create_dataset("filenames", data=np.array([[title.ref] * N]), dtype=h5py.ref_dtype)
    cell.attrs["MATLAB_class"] = np.bytes_("cell")
with open(at("mpiigaze_73.mat"), "r+b") as f:
    f.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")

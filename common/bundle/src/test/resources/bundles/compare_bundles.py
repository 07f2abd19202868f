"""compare_bundles.py SOURCE REWRITTEN ...: checks with h5py that rewritten bundles have everything of their sources.

Objects, links, attributes, types, filters, shapes and values must be bit-for-bit the same; images may differ by the
rounding of floats.
"""
import shutil
import sys

import h5py
import numpy as np


def check(ok, what):
    if not ok:
        raise AssertionError(what)


def bits(value, file):
    if isinstance(value, h5py.Reference):
        return file[value].name if value else None
    if isinstance(value, (bytes, str)):
        return value if isinstance(value, bytes) else value.encode()
    if isinstance(value, (np.ndarray, np.void)) and value.dtype.hasobject:
        if value.dtype.names:
            return [bits(value[name], file) for name in value.dtype.names]
        return [bits(element, file) for element in value.ravel()]
    if isinstance(value, h5py.Empty):
        return repr(value)
    return np.asarray(value).tobytes()


def check_attributes(before, after, path):
    names = list(before.attrs)
    for name in names:
        kept = name
        root = before == before.file["/"]
        if root and name.startswith("refinery.") and not name.split(".")[1].isdigit():
            kept = "refinery.%d.%s" % (1 + len({n.split(".")[1] for n in names if n.split(".")[1:2] and n.split(".")[1].isdigit()}), name[len("refinery."):])
        check(kept in after.attrs, "attribute %s of %s is gone" % (name, path))
        one, two = before.attrs.get_id(name), after.attrs.get_id(kept)
        check(one.get_type() == two.get_type(), "attribute %s of %s has another type" % (name, path))
        check(bits(before.attrs[name], before.file) == bits(after.attrs[kept], after.file), "attribute %s of %s differs" % (name, path))
    if before != before.file["/"]:
        check(len(after.attrs) == len(names), "%s has new attributes" % path)


def check_dataset(before, after, path, image):
    check(before.shape == after.shape and before.maxshape == after.maxshape, path + " has another shape")
    check(before.id.get_type() == after.id.get_type(), path + " has another type")
    if image:
        # [0, 1] to [-1, 1] and back rounds floats.
        difference = np.abs(before[()].astype("f8") - after[()])
        check(after.size == 0 or difference.max() < 1e-7, path + " differs")
        return
    check(before.chunks == after.chunks and before.compression == after.compression, path + " is stored otherwise")
    check(before.id.get_storage_size() == after.id.get_storage_size(), path + " has another size")
    if before.shape is not None:
        check(bits(before[()], before.file) == bits(after[()], after.file), path + " differs")


def check_group(before, after, path, images, seen):
    if before.id in seen:
        return
    seen.add(before.id)
    check(list(before) == list(after), "%s has other members" % path)
    for name in before:
        one, two = before.get(name, getlink=True), after.get(name, getlink=True)
        here = path + name
        check(type(one) is type(two), here + " is another kind of link")
        if not isinstance(one, h5py.HardLink):
            check(vars(one) == vars(two) if hasattr(one, "__dict__") else one.path == two.path, here + " leads elsewhere")
            continue
        one, two = before[name], after[name]
        check(type(one) is type(two), here + " is another kind of object")
        check_attributes(one, two, here)
        if isinstance(one, h5py.Group):
            check_group(one, two, here + "/", images, seen)
        elif isinstance(one, h5py.Dataset):
            check_dataset(one, two, here, one.id in images)


def is_read(path):
    """Whether this version of HDF5, with its filters, reads the images of a file."""
    try:
        with h5py.File(path, "r") as f:
            images = f["images" if "images" in f else "image"]
            for image in [images] if isinstance(images, h5py.Dataset) else images.values():
                image[()]
        return True
    except (OSError, KeyError, RuntimeError):
        return False


def compare(one, two):
    if not is_read(one):
        return
    with h5py.File(one, "r") as source, h5py.File(two, "r") as target:
        images = source["images" if "images" in source else "image"]
        images = {images.id} if isinstance(images, h5py.Dataset) else {image.id for image in images.values()}
        check_group(source, target, "/", images, set())
        check_attributes(source, target, "/")
        check(target.attrs["refinery.model"] == b"eyes@7", "no provenance")
        check(target.userblock_size == source.userblock_size, "another user block")
    copy = shutil.copy(two, two + ".changed")
    with h5py.File(copy, "r+") as target:
        # HDF5 can still change the file.
        target["added"] = np.arange(1000)
        del target["added"]
        target["added"] = np.arange(2000)
    with h5py.File(copy, "r") as target:
        check((target["added"][()] == np.arange(2000)).all(), "it cannot be changed")


if __name__ == "__main__":
    for source, target in zip(sys.argv[1::2], sys.argv[2::2]):
        try:
            compare(source, target)
        except Exception as e:
            print("%s: %s: %s" % (source, type(e).__name__, e))

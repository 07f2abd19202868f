"""make_random.py FOLDER SEED COUNT: writes bundles of random structure; the same seed gives the same structure."""
import os
import random
import sys

import h5py
import numpy as np

KINDS = ["i1", "u2", "<i4", ">i8", "f2", "<f4", ">f8", "S5", "c8", "V3"]


def array(r, shape):
    kind = r.choice(KINDS)
    size = int(np.prod(shape, dtype=int)) * np.dtype(kind).itemsize
    return np.frombuffer(r.randbytes(size), kind).reshape(shape)


def storage(r, shape):
    if not shape or 0 in shape or r.random() < 0.4:
        return {}
    options = {"chunks": tuple(r.randint(1, n) for n in shape)}
    if r.random() < 0.7:
        options["compression"] = r.choice(["gzip", "lzf"])
    options["shuffle"] = r.random() < 0.5
    options["fletcher32"] = r.random() < 0.3
    if r.random() < 0.3:
        options["maxshape"] = tuple(None if r.random() < 0.5 else n for n in shape)
    return options


def attributes(r, node):
    for i in range(r.choice([0, 0, 1, 3, 12])):
        name = r.choice(["a", "é", "a b", "units"]) + str(i)
        value = r.choice([7, "text", b"bytes", 2.5, ["a", "bb"], h5py.Empty("f4"), np.eye(2), True])
        node.attrs[name] = value


def fill(r, group, count, nodes, depth=0):
    for i in range(r.randint(0, 5)):
        name = r.choice(["label", "x", "größe", "a.b", "CAPS"]) + str(i)
        choice = r.random()
        if choice < 0.25 and depth < 3:
            child = group.create_group(name, track_order=r.random() < 0.3)
            nodes.append(child)
            attributes(r, child)
            fill(r, child, count, nodes, depth + 1)
        elif choice < 0.32:
            group[name] = h5py.SoftLink(r.choice(["/images", "/nowhere", "."]))
        elif choice < 0.36:
            group[name] = h5py.ExternalLink("other.h5", "/x")
        elif choice < 0.42:
            group[name] = r.choice(nodes)
        elif choice < 0.5:
            words = ["w%d" % j * r.randint(0, 3) for j in range(count)]
            group.create_dataset(name, data=words, dtype=h5py.string_dtype())
        elif choice < 0.56:
            group.create_dataset(name, data=[r.choice(nodes).ref for _ in range(2)], dtype=h5py.ref_dtype)
        else:
            shape = r.choice([(), (count,), (count, 3), (count - 1,), (0,), (count, 0), (2, count), (count, 2, 3)])
            data = array(r, shape)
            dataset = group.create_dataset(name, data=data, **storage(r, shape))
            attributes(r, dataset)
            nodes.append(dataset)


def write(path, r):
    count, height, width = r.randint(2, 40), r.randint(1, 9), r.randint(1, 9)
    options = {"libver": r.choice(["earliest", "v108", "v110", "latest"]), "userblock_size": r.choice([0, 0, 512])}
    with h5py.File(path, "w", **options) as f:
        pixels = np.frombuffer(r.randbytes(count * height * width), "u1").reshape(count, height, width)
        before = r.random() < 0.5
        nodes = [f]
        if before:
            fill(r, f, count, nodes)
        if r.random() < 0.75:
            images = f.create_dataset("images", data=pixels, **storage(r, pixels.shape))
        else:
            images = f.create_group("image")
            for i, image in enumerate(pixels):
                images.create_dataset("%03d" % i, data=image, **storage(r, image.shape))
        nodes.append(images)
        attributes(r, images)
        attributes(r, f)
        if not before:
            fill(r, f, count, nodes)


if __name__ == "__main__":
    folder, seed, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for i in range(number):
        write(os.path.join(folder, "%d-%d.h5" % (seed, i)), random.Random(seed * 100003 + i))

"""make_rich.py FOLDER: writes bundles that hold everything which HDF5 can hold, in every version of the format."""
import os
import sys

import h5py
import numpy as np

N, H, W = 40, 6, 5


def fill(f, images, **options):
    random = np.random.RandomState(7)
    pixels = random.randint(0, 256, (N, H, W)).astype("u1")
    dataset = images(f, pixels)
    f["camera"] = np.eye(3)
    f["names"] = np.array([b"left", b"right"])
    f["short"] = np.arange(N - 1)
    f["nothing"] = h5py.Empty("f4")
    f["no_width"] = np.zeros((N, 0), "f4")
    f["scalar"] = 7.5
    f.create_dataset("look_vec", data=random.randn(N, 3), chunks=(7, 2), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("grows", data=np.arange(N), maxshape=(None,), chunks=(16,))
    f.create_dataset("path", data=["eye/%d.png" % i for i in range(N)], dtype=h5py.string_dtype())
    ragged = f.create_dataset("ragged", (N,), dtype=h5py.vlen_dtype("<i4"))
    for i in range(N):
        ragged[i] = np.arange(i % 5)
    f["type"] = np.dtype([("id", "<i4"), ("score", "<f8")])
    f.create_dataset("typed", (N,), dtype=f["type"])
    deep = f.create_group("a/b/c", track_order=options.get("track_order"))
    for i in range(30):
        deep["z%d" % (30 - i)] = i
    f["soft"] = h5py.SoftLink("/a/b")
    f["broken"] = h5py.SoftLink("/not/there")
    f["outside"] = h5py.ExternalLink("elsewhere.h5", "/thing")
    f["hard"] = f["camera"]
    f["look_at"] = f["images"] if "images" in f else f["image"]
    f["refs"] = np.array([f["camera"].ref, f["a"].ref], dtype=h5py.ref_dtype)
    if isinstance(dataset, h5py.Dataset):
        f["frame"] = np.arange(N)
        f["frame"].make_scale("frame")
        dataset.dims[0].attach_scale(f["frame"])
        dataset.dims[0].label = "image"
    for target in (f, dataset, f["look_vec"], f["a"]):
        for i in range(options.get("attributes", 3)):
            target.attrs["note %d" % i] = "é" * i
        target.attrs["matrix"] = np.arange(12.0).reshape(3, 4)
        target.attrs["empty"] = h5py.Empty("i4")
        target.attrs["words"] = ["a", "bb", ""]
    f.attrs["to"] = f["camera"].ref
    f.attrs["refinery.model"] = np.bytes_("eyes@1")


def stacked(**storage):
    return lambda f, pixels: f.create_dataset("images", data=pixels, **storage)


def floats(f, pixels):
    return f.create_dataset("image", data=(pixels / np.float32(255)).astype(">f4")[..., None], chunks=(8, H, W, 1))


def each(**storage):
    def write(f, pixels):
        group = f.create_group("image")
        for i, image in enumerate(pixels):
            group.create_dataset("%04d" % i, data=image, **storage)
            group["%04d" % i].attrs["seen"] = i
        return group

    return write


def compact(f, pixels):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.COMPACT)
    h5py.h5d.create(f.id, b"images", h5py.h5t.NATIVE_UINT8, h5py.h5s.create_simple(pixels.shape), plist)
    f["images"][...] = pixels
    return f["images"]


def sparse(f, pixels):
    images = f.create_dataset("images", pixels.shape, "u1", chunks=(8, H, W), fillvalue=9, compression="gzip")
    images[15:30] = pixels[15:30]
    return images


IMAGES = {
    "whole": stacked(),
    "gzip": stacked(chunks=(16, H, W), compression="gzip"),
    "one_per_chunk": stacked(chunks=(1, H, W), compression="gzip", maxshape=(None, H, W)),
    "odd_chunks": stacked(chunks=(N, 2, 2), compression="lzf"),
    "plain_chunks": stacked(chunks=(11, H, W)),
    "floats": floats,
    "compact": compact,
    "sparse": sparse,
    "each": each(),
    "each_gzip": each(chunks=(H, W), compression="gzip"),
}
FILES = {
    "earliest": {"libver": "earliest"},
    "v110": {"libver": "v110"},
    "latest": {"libver": "latest"},
    "user_block": {"libver": "earliest", "userblock_size": 1024},
    "ordered": {"libver": "v108", "track_order": True},
    "paged": {"fs_strategy": "page", "fs_persist": True},
    "persisted": {"fs_strategy": "fsm", "fs_persist": True, "libver": "v110", "userblock_size": 512},
}

if __name__ == "__main__":
    for file, options in FILES.items():
        for name, images in IMAGES.items():
            for attributes in (3, 20) if name in ("whole", "gzip") else (3,):
                path = os.path.join(sys.argv[1], "%s-%s-%d.h5" % (file, name, attributes))
                with h5py.File(path, "w", **options) as f:
                    if "fs_strategy" in options:
                        f["gone"] = np.zeros(100000)
                        del f["gone"]
                    fill(f, images, attributes=attributes, track_order=options.get("track_order"))

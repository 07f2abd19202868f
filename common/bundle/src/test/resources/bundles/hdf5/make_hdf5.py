"""Creates the HDF5 files in this folder: python make_hdf5.py (h5py 3.16 with HDF5 2.0.0, hdf5plugin 7.1.0).

Each is made by a function; its comment says what is right. Unless it says otherwise there are 12 images of 6 x 5, and the
pixel of image i at row y, column x, channel c is (37 i + 11 y + 5 x + 3 c) mod 256, divided by 255 in float files.
"""
import os
import struct

import h5py
import hdf5plugin
import numpy as np

N, H, W = 12, 6, 5
HERE = os.path.dirname(os.path.abspath(__file__))


def pixels(count=N, channels=1):
    i, y, x, c = np.ogrid[:count, :H, :W, :channels]
    levels = ((37 * i + 11 * y + 5 * x + 3 * c) % 256).astype(np.uint8)
    return levels if channels > 1 else levels[..., 0]


def new(name, **options):
    return h5py.File(os.path.join(HERE, name), "w", **options)


def indices():
    # Read: data layout version 5 of HDF5 2.0 and version 4, with every chunk index.
    for version, options in [("v5", {"libver": "latest"}), ("v4", {"libver": ("v110", "v110")})]:
        for name, settings in {
            "single": {"chunks": (N, H, W), "compression": "gzip"},
            "single_plain": {"chunks": (N, H, W)},
            "fixed": {"chunks": (1, H, W), "compression": "gzip"},
            # The index counts the chunks up to the greatest shape.
            "bounded": {"chunks": (5, 4, 3), "maxshape": (20, 12, 10), "compression": "gzip", "shuffle": True},
            "growing": {"chunks": (1, H, W), "maxshape": (None, H, W), "compression": "lzf"},
            "growing_width": {"chunks": (5, 4, 2), "maxshape": (N, H, None)},
            "tree": {"chunks": (5, 4, 3), "maxshape": (None, None, W), "compression": "gzip"},
            "tree_plain": {"chunks": (5, 4, 3), "maxshape": (None, None, W)},
        }.items():
            with new("%s_%s.h5" % (version, name), **options) as f:
                f.create_dataset("images", data=pixels(), **settings)
        with new(version + "_implicit.h5", **options) as f:
            early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            early.set_chunk((5, 4, 3))
            early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
            space = h5py.h5s.create_simple((N, H, W), (20, 12, 10))
            h5py.h5d.create(f.id, b"images", h5py.h5t.STD_U8LE, space, early)
            f["images"][...] = pixels()


def narrow():
    # Read: addresses and lengths of 4 bytes.
    sizes = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    sizes.set_sizes(4, 4)
    with h5py.File(h5py.h5f.create(os.path.join(HERE, "narrow.h5").encode(), h5py.h5f.ACC_TRUNC, sizes)) as f:
        f.create_dataset("images", data=pixels(), chunks=(5, H, W), compression="gzip")
        f.create_dataset("path", data=["eye/%d.png" % i for i in range(N)], dtype=h5py.string_dtype())


def filters():
    # Read: 40 images.
    for name, settings in {
        "fletcher32": {"fletcher32": True},
        "zstd": hdf5plugin.Zstd(),
        "lz4": hdf5plugin.LZ4(nbytes=1000),
        "bitshuffle": hdf5plugin.Bitshuffle(nelems=64, cname="none"),
        "bitshuffle_lz4": hdf5plugin.Bitshuffle(nelems=64, cname="lz4"),
        "bitshuffle_zstd": hdf5plugin.Bitshuffle(cname="zstd"),
        "blosc_blosclz": hdf5plugin.Blosc(cname="blosclz", clevel=9, shuffle=1),
        "blosc_lz4": hdf5plugin.Blosc(cname="lz4", clevel=9, shuffle=1),
        "blosc_zlib": hdf5plugin.Blosc(cname="zlib", clevel=9, shuffle=0),
        "blosc_zstd": hdf5plugin.Blosc(cname="zstd", clevel=9, shuffle=2),
    }.items():
        with new(name + ".h5") as f:
            data = (pixels(40) / np.float32(255)).astype("<f4")
            f.create_dataset("images", data=data, chunks=(40, H, W), **settings)
    # UNSUPPORTED: filters that cannot be undone. As a label, such a dataset is kept.
    with new("blosc2.h5") as f:
        f.create_dataset("images", data=pixels(), chunks=(N, H, W), **hdf5plugin.Blosc2())
    with new("scale_offset.h5") as f:
        f.create_dataset("images", data=pixels(), chunks=(N, H, W), scaleoffset=0)
    with new("label_scale_offset.h5") as f:
        f["images"] = pixels()
        f.create_dataset("id", data=np.arange(N), chunks=(N,), scaleoffset=0)


def elsewhere():
    # UNSUPPORTED: the data are in another file.
    with new("external.h5") as f:
        f.create_dataset("images", (N, H, W), "u1", external=[("pixels.bin", 0, h5py.h5f.UNLIMITED)])
    os.path.exists("pixels.bin") and os.remove("pixels.bin")
    with new("external_label.h5") as f:
        f["images"] = pixels()
        f.create_dataset("gaze", (N, 3), "f4", external=[("gaze.bin", 0, h5py.h5f.UNLIMITED)])
    # UNSUPPORTED: the data are in another dataset.
    with new("virtual.h5") as f:
        f["eyes"] = pixels()
        layout = h5py.VirtualLayout((N, H, W), "u1")
        layout[:] = h5py.VirtualSource(f["eyes"])
        f.create_virtual_dataset("images", layout)
    # Read: soft links are followed. The label gaze is found by its link and by its own name.
    with new("soft_links.h5") as f:
        f["data/eyes"] = pixels()
        f["data/look"] = np.arange(3.0 * N).reshape(N, 3)
        f["images"] = h5py.SoftLink("/data/eyes")
        f["gaze"] = h5py.SoftLink("data/look")
        f["nothing"] = h5py.SoftLink("/not/there")
    # UNREADABLE, as for HDF5.
    with new("loop.h5") as f:
        f["images"] = h5py.SoftLink("/eyes")
        f["eyes"] = h5py.SoftLink("/images")
    with new("dangling.h5") as f:
        f["images"] = h5py.SoftLink("/eyes")
    # Read: the images of a group may be links too. UNSUPPORTED: not to other files.
    with new("keyed_links.h5") as f:
        for i, image in enumerate(pixels()):
            f["pool/%02d" % i] = image
            f["image/a%02d" % i] = h5py.SoftLink("/pool/%02d" % i)
    with new("keyed_outside.h5") as f:
        f["image/a"] = pixels()[0]
        f["image/b"] = h5py.ExternalLink("other.h5", "/b")


def pixel_types():
    # UNSUPPORTED.
    for kind in ["u2", "f8", "f2", "?"]:
        with new("pixels_%s.h5" % np.dtype(kind).name) as f:
            f["images"] = pixels().astype(kind)
    with new("channels_first.h5") as f:
        f["images"] = np.moveaxis(pixels(channels=3), 3, 1)
    with new("flat.h5") as f:
        f["images"] = pixels().reshape(N, H * W)


def ambiguous():
    # AMBIGUOUS: dimensions in reverse, as MATLAB writes them.
    with new("matlab.h5") as f:
        f["images"] = pixels()
        f["images"].attrs["MATLAB_class"] = np.bytes_("uint8")
    with new("reversed.h5") as f:
        f["images"] = pixels().T.copy()
        f["gaze"] = np.zeros((N, 3))
    # AMBIGUOUS: two kinds of images.
    with new("both.h5") as f:
        f["images"] = pixels()
        f["image/a"] = pixels()[0]
    # AMBIGUOUS: labels of some images, and of others that do not exist.
    with new("keyed_mismatch.h5") as f:
        for i, image in enumerate(pixels()):
            f["image/%02d" % i] = image
            f["gaze/%02d" % (i + 2)] = float(i)


def everything():
    # All that is no label is carried, and none of it is in the way.
    with new("everything.h5") as f:
        f.attrs["title"] = "eyes"
        f.create_dataset("images", data=pixels(), chunks=(5, H, W), compression="gzip")
        f["images"].attrs["camera"] = np.arange(3.0)
        f["look_vec"] = (np.arange(3.0 * N).reshape(N, 3) / 8).astype("f4")
        f["look_vec"].attrs["unit"] = "rad"
        f.create_dataset("path", data=["eye/%d.png" % i for i in range(N)], dtype=h5py.string_dtype())
        f["blink"] = np.arange(N) % 2 == 0
        f["lids/upper"] = np.arange(N, dtype="u2")
        f["one_short"] = np.zeros((N - 1, 3))
        f["one_long"] = np.zeros((N + 1, 3))
        f["camera_matrix"] = np.eye(3)
        f["classes"] = np.array([b"open", b"shut"])
        f["seed"] = 7
        f["null"] = h5py.Empty("f4")
        f["no_width"] = np.zeros((N, 0), "f4")
        f.create_dataset("where", data=[f["images"].ref] * N, dtype=h5py.ref_dtype)
        pairs = np.array([(i, i / 3) for i in range(N)], dtype=[("id", "<i4"), ("score", "<f8")])
        f["pair"] = pairs
        ragged = f.create_dataset("ragged", (N,), dtype=h5py.vlen_dtype("<i4"))
        for i in range(N):
            ragged[i] = np.arange(i)
        f["type"] = np.dtype("<f4")
        f.create_dataset("typed", (N,), f["type"])
        f.create_group("hollow")
        f["alias"] = f["images"]
        f["shortcut"] = h5py.SoftLink("/lids")
        f["nothing"] = h5py.SoftLink("/not/there")
        f["elsewhere"] = h5py.ExternalLink("other.h5", "/x")
        for i in range(40):
            f["many/%02d" % i] = np.zeros(4)
    # The same with one dataset per image, and many attributes, which latest stores apart.
    with new("keyed_everything.h5", libver="latest") as f:
        for i, image in enumerate(pixels()):
            key = "%02d" % i
            f["image/" + key] = image
            f["image/" + key].attrs["frame"] = i
            f["labels/gaze/" + key] = np.array([i, i / 4, 0], "f4")
            f["labels/ragged/" + key] = np.arange(i)
            f["meta/" + key + "/note"] = "n%d" % i
        f["gaze_stacked"] = np.arange(3.0 * N).reshape(N, 3)
        f["seed"] = 7
        for i in range(20):
            f.attrs["a%02d" % i] = "x" * i
    # Carried: the values of one label differ in shape between images, those of another in type.
    with new("keyed_uneven.h5") as f:
        for i, image in enumerate(pixels()):
            key = "%02d" % i
            f["image/" + key] = image
            f["lids/" + key] = np.zeros((2 + i // 11, 2), "f4")
            f["mixed/" + key] = np.float64(i) if i else np.int64(i)
            f["words/" + key] = np.bytes_("w" * (i + 1))
    # Carried: rows may be in the order of 0, 1, 10, 2 or in that of numbers.
    with new("keyed_unordered.h5") as f:
        for i, image in enumerate(pixels()):
            f["image/%d" % i] = image
        f["gaze"] = np.arange(N)


def chunks():
    # Read, and each chunk is decoded once: 2,000 images, in chunks of one pixel of all images, or of one row of a pixel.
    with new("chunks_of_pixels.h5") as f:
        f.create_dataset("images", data=pixels(2000), chunks=(2000, 1, 1), compression="gzip")


def refused_by_hdf5():
    # UNREADABLE, as for HDF5: open for writing; a byte short; a wrong checksum in the chunk.
    with new("being_written.h5", libver=("v110", "v110")) as f:
        f["images"] = pixels()
    change("being_written.h5", lambda b: b[:11] + b"\1" + b[12:44] + struct.pack("<I", lookup3(b[:11] + b"\1" + b[12:44])) + b[48:])
    with new("truncated.h5") as f:
        f["images"] = pixels()
    change("truncated.h5", lambda b: b[:-1])
    with new("wrong_fletcher32.h5") as f:
        f.create_dataset("images", data=pixels(), chunks=(N, H, W), fletcher32=True)
        at = f["images"].id.get_chunk_info(0).byte_offset
    change("wrong_fletcher32.h5", lambda b: b[:at] + bytes([b[at] ^ 1]) + b[at + 1:])
    # UNSUPPORTED: parts of a file in several.
    for name, options in [("family_%d.h5", {"driver": "family", "memb_size": 4096}), ("split", {"driver": "split"})]:
        with new(name, **options) as f:
            f["images"] = pixels()
    os.remove(os.path.join(HERE, "split-r.h5"))
    # Read: bytes before the file, which its superblock does not mention.
    with new("moved.h5") as f:
        f["images"] = pixels()
    change("moved.h5", lambda b: b"#" * 512 + b)


def change(name, how):
    path = os.path.join(HERE, name)
    with open(path, "rb") as f:
        changed = how(f.read())
    with open(path, "wb") as f:
        f.write(changed)


def lookup3(data):
    """Bob Jenkins's lookup3, the checksum of HDF5's structures."""
    mask = 0xFFFFFFFF

    def rotated(x, k):
        return (x << k | x >> (32 - k)) & mask

    a = b = c = (0xDEADBEEF + len(data)) & mask
    for at in range(0, len(data), 12):
        x, y, z = struct.unpack("<III", data[at : at + 12].ljust(12, b"\0"))
        a, b, c = (a + x) & mask, (b + y) & mask, (c + z) & mask
        if at + 12 < len(data):
            for k in (4, 6, 8, 16, 19, 4):
                a = ((a - c) & mask) ^ rotated(c, k)
                c = (c + b) & mask
                a, b, c = b, c, a
    for k in (14, 11, 25, 16, 4, 14, 24):
        c = ((c ^ b) - rotated(b, k)) & mask
        a, b, c = b, c, a
    return b


if __name__ == "__main__":
    indices()
    narrow()
    filters()
    elsewhere()
    pixel_types()
    ambiguous()
    everything()
    chunks()
    refused_by_hdf5()

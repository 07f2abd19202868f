"""Creates the bundles in this folder: python3 make_bundles.py (h5py 3.7.0, HDF5 1.10.8).

The pixel of image i at row y, column x, channel c is (37 i + 11 y + 5 x + 3 c) mod 256, divided by 255 in float files.
"""
import os
import struct
import zipfile
import zlib

import h5py
import numpy as np

N, H, W = 10, 6, 5
HERE = os.path.dirname(os.path.abspath(__file__))


def pixels(count=N, channels=1):
    i, y, x, c = np.ogrid[:count, :H, :W, :channels]
    return ((37 * i + 11 * y + 5 * x + 3 * c) % 256).astype(np.uint8)


def new(name, **options):
    return h5py.File(os.path.join(HERE, name), "w", **options)


def labels(f):
    random = np.random.RandomState(7)
    for kind in ["i1", "<i2", ">i2", "<i4", ">i4", "<i8", "u1", "<u2", "<u4", ">u8"]:
        raw = random.bytes(N * np.dtype(kind).itemsize)
        f["int_" + kind.replace("<", "little_").replace(">", "big_")] = np.frombuffer(raw, kind)
    for kind in ["<f2", "<f4", ">f4", "<f8", ">f8"]:
        values = random.randn(N).astype(kind)
        values[:4] = [np.nan, np.inf, -np.inf, -0.0]
        f["float_" + kind.replace("<", "little_").replace(">", "big_")] = values
    f["bool"] = random.rand(N) > 0.5
    f["complex"] = random.randn(N) + 1j * random.randn(N)
    f["compound"] = np.array([(i, i / 3) for i in range(N)], dtype=[("id", ">i4"), ("score", "<f8")])
    f["opaque"] = np.frombuffer(random.bytes(N * 5), "V5")
    f["fixed"] = np.array([b"eye %d" % i for i in range(N)], "S8")
    f["empty"] = np.zeros((N, 0), "f4")
    f["landmarks"] = random.randn(N, 4, 2).astype("f4")
    f["mask"] = pixels()[..., 0] > 100
    f["gaze/left/look_vec"] = random.randn(N, 3).astype("f4")
    f["few"] = np.arange(3)
    f["scalar"] = 7
    text = ["", "é", "a" * 300, "日本"] + ["eye/%d.png" % i for i in range(N - 4)]
    f.create_dataset("path", data=text, dtype=h5py.string_dtype("utf-8"))
    f.create_dataset("ascii", data=["n%d" % i for i in range(N)], dtype=h5py.string_dtype("ascii"))
    f.create_dataset("words", data=[["a", "b" * i] for i in range(N)], dtype=h5py.string_dtype())
    ragged = f.create_dataset("ragged", (N,), dtype=h5py.vlen_dtype("<i4"))
    for i in range(N):
        ragged[i] = np.arange(i)


def stacked():
    with new("gzip.h5") as f:
        f.create_dataset("images", data=pixels()[..., 0], chunks=(4, 6, 5), compression="gzip", shuffle=True)
        labels(f)
    with new("split_chunks.h5") as f:
        f.create_dataset("images", data=pixels(), chunks=(3, 4, 2, 1), compression="gzip", fletcher32=True)
        f.create_dataset("gaze", data=np.arange(30.0).reshape(N, 3), chunks=(4, 2), shuffle=True, compression="lzf")
    with new("lzf_colour.h5") as f:
        f.create_dataset("image", data=pixels(channels=3), chunks=(4, 6, 5, 3), compression="lzf")
    with new("float_big_endian.h5", userblock_size=512) as f:
        f.create_dataset("image", data=(pixels() / np.float32(255)).astype(">f4"))
    with new("float_shuffled.h5") as f:
        data = (pixels(channels=3) / np.float32(255)).astype("<f4")
        f.create_dataset("images", data=data, chunks=(1, 6, 5, 3), shuffle=True, compression="lzf")
    with new("latest.h5", libver="latest") as f:
        f.create_dataset("images", data=pixels()[..., 0], chunks=(3, 6, 5), compression="gzip")
        f.create_dataset("growing", data=np.arange(N), maxshape=(None,), chunks=(3,), compression="gzip")
        f.create_dataset("growing_both", data=np.arange(2 * N).reshape(N, 2), maxshape=(None, None), chunks=(3, 1))
        f.create_dataset("single", data=np.arange(N), chunks=(N,), compression="gzip")
        f.create_dataset("plain_chunks", data=np.arange(N), chunks=(3,))
        f.create_dataset("unwritten", (N,), "i4", chunks=(3,), fillvalue=42)
        f.create_dataset("unwritten_whole", (N,), "i4", fillvalue=-1)
        for i in range(20):
            f.create_dataset("label_%d" % i, data=np.arange(N) + i)


def keyed():
    for name, options, count in [("keyed.h5", {}, N), ("keyed_latest.h5", {"libver": "latest"}, 40)]:
        with new(name, **options) as f:
            for i, image in enumerate(pixels(count)[..., 0]):
                key = "%06d" % i
                f.create_dataset("image/" + key, data=image)
                f.create_dataset("look_vec/" + key, data=np.array([i, i / 7, -0.0], "<f4"))
                f.create_dataset("path/" + key, data="synthetic/%d.png" % i)
                f.create_dataset("file/" + key, data=np.bytes_("%d.png" % (7 ** (i % 8))))
            f["other/thing"] = 1


def png(array, bits=8):
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[array.shape[2]]
    rows = array if bits == 8 else array.astype(">u2") * 257
    raw = b"".join(b"\0" + row.tobytes() for row in rows)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", array.shape[1], array.shape[0], bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def zips():
    date = (1980, 1, 1, 0, 0, 0)
    with zipfile.ZipFile(os.path.join(HERE, "eyes.zip"), "w") as z:
        for i, image in enumerate(pixels()):
            # Gray with a fully opaque alpha channel is read as gray.
            opaque = np.concatenate([image, np.full_like(image, 255)], axis=2)
            entry = zipfile.ZipInfo("eyes/%d.png" % (N - i), date)
            entry.compress_type = zipfile.ZIP_DEFLATED if i % 2 else zipfile.ZIP_STORED
            z.writestr(entry, png(opaque if i == 3 else image))
        table = ["file,iris_x,id,note"] + ['%d.png,%g,0%d,"é, ""%d"""' % (i, i / 8, i, i) for i in range(1, N + 1)]
        z.writestr(zipfile.ZipInfo("eyes/labels.csv", date), "\r\n".join(table) + "\r\n")
        z.writestr(zipfile.ZipInfo("__MACOSX/eyes/._1.png", date), b"nothing")
        z.writestr(zipfile.ZipInfo("eyes/readme.txt", date), b"nothing")
    for name, images in {
        "deep.zip": [png(pixels()[0], bits=16)],
        "mixed_sizes.zip": [png(pixels()[0]), png(pixels()[0, :5])],
        "mixed_colours.zip": [png(pixels()[0]), png(pixels(channels=3)[0])],
        "transparent.zip": [png(pixels(channels=4)[0])],
        "text.zip": [b"This is no image at all."],
    }.items():
        with zipfile.ZipFile(os.path.join(HERE, name), "w") as z:
            for i, image in enumerate(images):
                z.writestr(zipfile.ZipInfo("%d.png" % i, date), image)


def broken():
    with new("nan.h5") as f:
        data = (pixels() / np.float32(255)).astype("<f4")
        data[3, 2, 1] = np.nan
        f["images"] = data
    with new("levels_as_floats.h5") as f:
        f["images"] = pixels().astype("<f4")
    with new("mixed_sizes.h5") as f:
        f["image/a"] = pixels()[0, ..., 0]
        f["image/b"] = pixels()[0, :5, :, 0]
    with new("missing_label.h5") as f:
        f["image/a"] = f["image/b"] = pixels()[0, ..., 0]
        f["look_vec/a"] = 1.0
    with new("signed.h5") as f:
        f["images"] = pixels().astype("i1")
    with new("references.h5") as f:
        f["images"] = pixels()
        f.create_dataset("where", data=[f["images"].ref] * N, dtype=h5py.ref_dtype)
    with new("none.h5") as f:
        f["images"] = pixels()[:0]
    with new("other.h5") as f:
        f["pictures"] = pixels()
    with new("hollow.h5") as f:
        f.create_dataset("images", (10 ** 9, H, W), "u1", chunks=(10 ** 6, H, W))
    with new("outside.h5") as f:
        f["images"] = h5py.ExternalLink("gzip.h5", "images")


if __name__ == "__main__":
    stacked()
    keyed()
    zips()
    broken()

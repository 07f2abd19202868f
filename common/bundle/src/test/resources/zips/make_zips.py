"""Creates the ZIP files in this folder: python3 make_zips.py (zipfile). Images are those of ../images.

sound:        names.zip  CP437, UTF-8 without its flag, the Unicode field, backslashes, ./, folders, modes, comments, extra
                         fields, times; hidden files; an archive comment. 4 images
              utf8.zip   names in UTF-8 with the flag beside names of ASCII
              mixed.zip  names in CP437 beside names in UTF-8 with the flag: the former are written in UTF-8
              methods.zip  stored, deflate and bzip2
UNSUPPORTED:  encrypted.zip, lzma.zip, up.zip (..), up_backslash.zip (..\\), absolute.zip, drive.zip, link.zip (symbolic link)
AMBIGUOUS:    twice.zip (two files of one name), twice_backslash.zip
UNREADABLE:   crc.zip (wrong checksum of an image), crc_text.zip (of another file), local.zip (another name before the data),
              size.zip (another size before the data), overlap.zip (two entries with one data), count.zip (one entry too few),
              cut.zip (no directory), inside.zip (data after the directory)
with a gap:   gap.zip    100 bytes that belong to no entry
"""
import os
import stat
import struct
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
IMAGES = os.path.join(HERE, "..", "images")


def image(name="gray.png"):
    with open(os.path.join(IMAGES, name), "rb") as f:
        return f.read()


def info(name, mode=0o644, date=(2021, 2, 3, 4, 5, 6), method=zipfile.ZIP_STORED):
    entry = zipfile.ZipInfo(name, date)
    entry.external_attr = (stat.S_IFREG | mode) << 16
    entry.create_system = 3
    entry.compress_type = method
    return entry


def write(name, *entries, comment=b""):
    with zipfile.ZipFile(os.path.join(HERE, name), "w") as z:
        z.comment = comment
        for entry in entries:
            what, data = entry if isinstance(entry, tuple) else (entry, image())
            z.writestr(what if isinstance(what, zipfile.ZipInfo) else info(what), data)
    return os.path.join(HERE, name)


def replace(path, *pairs):
    with open(path, "rb") as f:
        data = f.read()
    for old, new in pairs:
        assert len(old) == len(new) and old in data, old
        data = data.replace(old, new)
    with open(path, "wb") as f:
        f.write(data)
    return data


def patch(path, at, new):
    with open(path, "rb") as f:
        data = bytearray(f.read())
    data[at:at + len(new)] = new
    with open(path, "wb") as f:
        f.write(data)


def names():
    unicode_path = b"u____.png"
    plain = info("readme.txt", 0o600)
    plain.comment = b"caf\x82, in CP437"
    plain.extra = struct.pack("<HHBl", 0x5455, 5, 1, 1612325106) + struct.pack("<HH4s", 0xCAFE, 4, b"odd!")
    script = info("run.sh", 0o755, (1980, 1, 1, 0, 0, 0), zipfile.ZIP_DEFLATED)
    folder = info("imgs/")
    folder.external_attr = (stat.S_IFDIR | 0o750) << 16 | 0x10
    field = info("imgs/" + unicode_path.decode())
    real = "imgs/\u65e5\u672c.png".encode()
    field.extra = struct.pack("<HHBL", 0x7075, 5 + len(real), 1, zlib.crc32(b"imgs/" + unicode_path)) + real
    labels = "name,v\ncp437_\u00e9.png,1\nutf8_\u00e9.png,2\n\u65e5\u672c.png,3\nback.png,4\n".encode()
    path = write(
        "names.zip", (folder, b""), (plain, b"read me"), info("imgs/cp437_#.png"), (info("docs/a.md"), b"a"), info("imgs/utf8_##.png"), field,
        (script, b"echo " * 50), (info(".hidden.png"), b"hidden"), (info("__MACOSX/imgs/._1.png"), b"mac"), (info("docs/b.md"), b"b"),
        info("./imgs/back.png"), (info("imgs/labels.csv"), labels), comment=b"made by hand")
    replace(path, (b"imgs/cp437_#.png", b"imgs/cp437_\x82.png"), (b"imgs/utf8_##.png", b"imgs/utf8_\xc3\xa9.png"),
            (b"./imgs/back.png", b".\\imgs\\back.png"), (b"imgs/labels.csv", b"imgs\\labels.csv"))


def kinds():
    write("utf8.zip", "a.png", "\u00e9/b.png", ("\u65e5.txt", b"text"))
    replace(write("mixed.zip", "cp437_#.png", "\u00e9.png"), (b"cp437_#.png", b"cp437_\x82.png"))
    write("methods.zip", *[(info("%d.png" % m, method=m), image()) for m in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)])
    write("lzma.zip", "a.png", (info("b.txt", method=zipfile.ZIP_LZMA), b"text"))
    path = write("encrypted.zip", "a.png", ("b.txt", b"text"))
    data = open(path, "rb").read()
    patch(path, data.rindex(b"PK\x01\x02") + 8, b"\x01")
    write("up.zip", "a.png", "b/../../c.png")
    replace(write("up_backslash.zip", "a.png", "../c.png"), (b"../c.png", b"..\\c.png"))
    write("absolute.zip", "a.png", "/etc/c.png")
    write("drive.zip", "a.png", "C:/c.png")
    link = info("b.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    write("link.zip", "a.png", (link, b"a.png"))


def broken():
    write("twice.zip", "a.png", "b.png", "b.png")
    replace(write("twice_backslash.zip", "a.png", "b/c.png", "b#c.png"), (b"b#c.png", b"b\\c.png"))
    path = write("crc.zip", "a.png", "b.png")
    data = open(path, "rb").read()
    wrong = zlib.crc32(image()) ^ 1
    for signature, at in [(b"PK\x03\x04", 14), (b"PK\x01\x02", 16)]:
        patch(path, data.rindex(signature) + at, struct.pack("<L", wrong))
    replace(write("crc_text.zip", "a.png", ("b.txt", b"some text")), (b"some text", b"some tent"))
    path = write("local.zip", "a.png", "b.png")
    patch(path, 30, b"c")
    path = write("size.zip", "a.png", "b.png")
    patch(path, 22, struct.pack("<L", 7))
    path = write("overlap.zip", "a.png", "b.png")
    data = open(path, "rb").read()
    patch(path, data.rindex(b"PK\x01\x02") + 42, struct.pack("<L", 0))
    path = write("count.zip", "a.png", "b.png")
    patch(path, open(path, "rb").read().rindex(b"PK\x05\x06") + 8, struct.pack("<HH", 3, 3))
    path = write("cut.zip", "a.png", "b.png")
    data = open(path, "rb").read()
    with open(path, "wb") as f:
        f.write(data[:len(data) // 2])
    path = write("inside.zip", "a.png", "b.png")
    data = open(path, "rb").read()
    for signature, at in [(b"PK\x03\x04", 18), (b"PK\x01\x02", 20)]:
        patch(path, data.rindex(signature) + at, struct.pack("<LL", 9999, 9999))
    path = write("gap.zip", "a.png", "b.png")
    data = open(path, "rb").read()
    second = data.rindex(b"PK\x03\x04")
    directory = data.index(b"PK\x01\x02")
    moved = bytearray(data[:second] + b"\0" * 100 + data[second:])
    at = bytes(moved).rindex(b"PK\x01\x02")
    moved[at + 42:at + 46] = struct.pack("<L", second + 100)
    at = bytes(moved).rindex(b"PK\x05\x06")
    moved[at + 16:at + 20] = struct.pack("<L", directory + 100)
    with open(path, "wb") as f:
        f.write(moved)


if __name__ == "__main__":
    import warnings

    warnings.simplefilter("ignore")
    names()
    kinds()
    broken()

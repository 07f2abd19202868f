"""Creates the ZIP files in this folder, and answers.csv: python3 make_tables.py (zipfile, csv, json).

Each is made by a function; CASES has its right answer: the labels of the images in the order of the ZIP, as numbers (float64,
int64) or text, with what must be said about them; or the code of the refusal and words of its message. The pixel of image i
at row y and column x is (37 i + 11 y + 5 x) mod 256.

python3 make_tables.py check FOLDER compares FOLDER/NAME.h5, the bundle as HDF5, with the answers (h5py). It prints what
differs. There must be no file of a bundle that is refused.
"""
import csv
import io
import json
import math
import os
import struct
import sys
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
H, W = 6, 5
NAN = math.nan


def pixel(i, y, x):
    return (37 * i + 11 * y + 5 * x) % 256


def png(i):
    def chunk(kind, data):
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(pixel(i, y, x) for x in range(W)) for y in range(H))
    header = struct.pack(">LLBBBBB", W, H, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def table(*rows, delimiter=",", encoding="utf-8", end="\r\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


def right(images, files, labels, remarks=(), left_out=(), names="path", select=()):
    """Labels by name: floats are float64, ints int64. The images' names are a label too. A job selects images."""
    labels = {**labels, names: list(images)}
    return {"images": images, "files": files, "labels": labels, "remarks": remarks, "left_out": left_out, "select": select}


def refused(images, files, code, *words):
    return {"images": images, "files": files, "refused": (code, *words)}


def numbered(folder="", ending=".png", count=11):
    """1.png, 10.png, 11.png, 2.png: the order of most archives."""
    return sorted("%s%d%s" % (folder, i, ending) for i in range(1, count + 1))


def number(image):
    return int(image.split("/")[-1].split(".")[0])


def names():
    images = numbered("eyes/")
    x = [number(i) + 0.5 for i in images]
    rows = lambda form: [("x", "file")] + [(i + 0.5, form % i) for i in range(11, 0, -1)]
    loose = lambda how: ["labels.csv is matched by %s (column 'file')" % how]
    # Rows in another order than the images.
    yield "exact", right(images, {"labels.csv": table(*rows("eyes/%d.png"))}, {"x": x})
    yield "in_folder", right(images, {"eyes/labels.csv": table(*rows("%d.png"))}, {"x": x})
    # What the column says beyond the names stays a label.
    yield "windows_paths", right(
        images, {"labels.csv": table(*rows("C:\\renders\\%d.png"))},
        {"x": x, "file": ["C:\\renders\\%d.png" % number(i) for i in images]}, loose("file name without folders"))
    yield "other_ending", right(
        images, {"labels.csv": table(*rows("%d.jpg"))}, {"x": x, "file": ["%d.jpg" % number(i) for i in images]},
        loose("file name without its ending"))
    yield "padded_numbers", right(
        images, {"labels.csv": table(*rows("%04d"))}, {"x": x, "file": ["%04d" % number(i) for i in images]},
        loose("number in the file name"))
    # pandas writes an index first; it happens to be a permutation of the images' numbers.
    yield "index_column", right(
        ["0.png", "1.png", "2.png"], {"labels.csv": table(("", "file", "x"), (0, "2.png", 20), (1, "1.png", 10), (2, "0.png", 0))},
        {"column_0": [2.0, 1.0, 0.0], "x": [0.0, 10.0, 20.0]})
    # Letter case may be all that tells two files apart.
    yield "other_case", refused(
        ["A.png", "B.png"], {"labels.csv": table(("file", "x"), ("a.png", 1), ("b.png", 2))}, "AMBIGUOUS", "labels.csv", "a.png")
    yield "by_order", right(
        ["a.png", "b.png", "c.png"], {"labels.csv": table(("x",), (1,), (2,), (4,))}, {"x": [1.0, 2.0, 4.0]},
        ["labels.csv is matched by order"])
    yield "numbered_in_text_order", refused(
        images, {"labels.csv": table(("x", "y"), *[(i / 8, 0.5) for i in range(11)])}, "AMBIGUOUS", "cannot be matched by order")
    yield "one_row_short", refused(
        ["a.png", "b.png", "c.png"], {"labels.csv": table(("x",), (1,), (2,))}, "AMBIGUOUS", "2 rows for 3 images")


def rows():
    images = ["a.png", "b.png", "c.png"]
    one = lambda *rows: {"labels.csv": table(("file", "x"), *rows)}
    yield "duplicate_row", refused(
        images, one(("a.png", 1), ("b.png", 2), ("c.png", 3), ("a.png", 4)), "AMBIGUOUS", "'a.png'", "has one already")
    yield "twice_and_never", refused(
        images, one(("a.png", 1), ("b.png", 2), ("b.png", 3)), "AMBIGUOUS", "without a row ('c.png')", "'b.png'")
    yield "row_left_over", refused(
        images, one(("a.png", 1), ("b.png", 2), ("c.png", 3), ("d.png", 4)), "AMBIGUOUS", "without an image ('d.png')")
    yield "three_columns", refused(
        images, {"labels.csv": table(("file", "x", "x", "x"), *[(i, 1, 2, 3) for i in images])}, "AMBIGUOUS", "several columns", "'x'")
    yield "no_header", refused(images, {"labels.csv": table(*[(i, 1) for i in images])}, "AMBIGUOUS", "no header")
    yield "two_columns_of_names", refused(
        images, {"labels.csv": table(("file", "other", "x"), ("a.png", "b.png", 1), ("b.png", "c.png", 2), ("c.png", "a.png", 3))},
        "AMBIGUOUS", "'file' and 'other'")


def tables():
    both = ["test/1.png", "test/2.png", "train/1.png", "train/2.png"]
    part = lambda start: table(("file", "x"), ("2.png", start + 2), ("1.png", start + 1))
    two = {"train/labels.csv": part(100), "test/labels.csv": part(200)}
    yield "two_tables", right(both, two, {"x": [201.0, 202.0, 101.0, 102.0]}, select=["*"])
    # One folder may hold the masks of the other.
    yield "two_tables_of_same_names", refused(both, two, "AMBIGUOUS", "'test' (2), 'train' (2)", "'1'")
    yield "two_tables_of_other_headings", refused(
        ["a/1.png", "b/2.png"],
        {"a/labels.csv": table(("file", "x"), ("1.png", 1)), "b/labels.csv": table(("file", "y"), ("2.png", 1))}, "AMBIGUOUS", "'x'")
    yield "second_table", right(
        ["a.png", "b.png"],
        {"labels.csv": table(("file", "x"), ("b.png", 2), ("a.png", 1)), "pose.csv": table(("yaw", "image"), (0.25, "a.png"), (0.5, "b.png")),
         "prices.csv": table(("item", "price"), ("pen", 2), ("ink", 3))},
        {"x": [1.0, 2.0], "yaw": [0.25, 0.5]}, left_out=["prices.csv"])
    yield "tables_that_differ", refused(
        ["a.png", "b.png"],
        {"labels.csv": table(("file", "x"), ("a.png", 1), ("b.png", 2)), "more.csv": table(("file", "x"), ("a.png", 1), ("b.png", 3))},
        "AMBIGUOUS", "'x'", "'b.png'")
    yield "upper_case", right(["a.png", "b.png"], {"Labels.CSV": table(("file", "x"), ("b.png", 2), ("a.png", 1))}, {"x": [1.0, 2.0]})
    # Backslashes in the names of a ZIP are those of Windows, and mean slashes.
    yield "backslashes", right(
        ["imgs/a.png", "imgs/b.png"], {"imgs/labels.csv": table(("file", "x"), ("b.png", 2), ("a.png", 1))}, {"x": [1.0, 2.0]})
    yield "column_path", right(
        ["a.png", "b.png"], {"labels.csv": table(("file", "path", "x"), ("b.png", "/was/7.png", 2), ("a.png", "/was/9.png", 1))},
        {"path": ["/was/9.png", "/was/7.png"], "x": [1.0, 2.0]}, names="image_path")


def cells():
    images = ["a.png", "b.png", "c.png"]

    def column(*cells, **how):
        return table(("file", "x"), *zip(images, cells), **how)

    yield "semicolons", right(
        images, {"labels.csv": column("1,5", "2,25", "3", delimiter=";")}, {"x": ["1,5", "2,25", "3"]},
        ["Label 'x' is text, because its numbers have decimal commas; write points for numbers"])
    yield "sep_line", right(images, {"labels.csv": b"sep=;\r\n" + column(1, 2, 3, delimiter=";")}, {"x": [1.0, 2.0, 3.0]})
    yield "tabs", right(images, {"labels.tsv": column("1", "", "3", delimiter="\t")}, {"x": [1.0, NAN, 3.0]})
    yield "tabs_in_csv", right(images, {"labels.csv": column(1, 2, 3, delimiter="\t", end="\n")}, {"x": [1.0, 2.0, 3.0]})
    yield "utf8_mark", right(images, {"labels.csv": column("é", "日本", "", encoding="utf-8-sig")}, {"x": ["é", "日本", ""]})
    yield "utf16", right(images, {"labels.csv": column("é", "日本", "ñ", encoding="utf-16")}, {"x": ["é", "日本", "ñ"]})
    yield "latin1", refused(images, {"labels.csv": column("é", "b", "c", encoding="latin-1")}, "UNSUPPORTED", "Line 2", "0xE9", "UTF-8")
    yield "quoted", right(images, {"labels.csv": column("a\nb", 'say "x", y', " c ")}, {"x": ["a\nb", 'say "x", y', " c "]})
    yield "digits_17", right(
        images, {"labels.csv": column("0.12345678901234567", "-1.7976931348623157e308", "5e-324")},
        {"x": [0.12345678901234567, -1.7976931348623157e308, 5e-324]})
    # More digits than float64 has; beyond 2^53; beyond int64.
    yield "digits_20", right(images, {"labels.csv": column("0.12345678901234567890", "1", "2")}, {"x": ["0.12345678901234567890", "1", "2"]})
    yield "whole_numbers", right(images, {"labels.csv": column(2**53 + 1, -1, 2**63 - 1)}, {"x": [2**53 + 1, -1, 2**63 - 1]})
    yield "larger_numbers", right(images, {"labels.csv": column(2**63, 1, 2)}, {"x": [str(2**63), "1", "2"]})
    yield "empty_and_nan", right(images, {"labels.csv": column("", "nan", "-0.0")}, {"x": [NAN, NAN, -0.0]})
    yield "infinite", right(images, {"labels.csv": column("inf", "-Infinity", "1e3")}, {"x": [math.inf, -math.inf, 1000.0]})
    yield "all_empty", right(images, {"labels.csv": column("", "", "")}, {"x": ["", "", ""]})
    yield "ids", right(images, {"labels.csv": column("007", "010", "100")}, {"x": ["007", "010", "100"]})


def beside(images, values):
    return {os.path.splitext(image)[0] + ".json": json.dumps(value).encode() for image, value in zip(images, values)}


def unityeyes(i):
    point = lambda x, y: "(%.4f, %.4f, %.4f)" % (x, y, 9.5)
    return {
        "interior_margin_2d": [point(1 + i, 2), point(2.25, 3.5)], "caruncle_2d": [point(0.5, 1)], "iris_2d": [point(2, 3), point(3, 4 + i / 8)],
        "eye_details": {"look_vec": "(0.2500, %.4f, 0.9000, 0.0000)" % (0.125 * i), "pupil_size": "-0.0625", "iris_texture": "eyeball_amber"},
        "lighting_details": {"skybox_texture": "harbor", "light_rotation": "(10.5, 0.0, 0.0)"},
        "eye_region_details": {"pca_shape_coeffs": ["0.5", str(i)]}, "head_pose": "(352.5, %d.0, 0.0)" % i}


def sidecars():
    images = ["1.jpg", "10.jpg", "2.jpg"]
    # y of points is the height less y, and look_vec x, -y, z.
    yield "unityeyes", right(
        images, beside(images, [unityeyes(i) for i in range(3)]),
        {"look_vec": [[0.25, -0.125 * i, 0.9] for i in range(3)],
         "interior_margin_2d": [[[1.0 + i, 4.0, 9.5], [2.25, 2.5, 9.5]] for i in range(3)],
         "caruncle_2d": [[[0.5, 5.0, 9.5]]] * 3, "iris_2d": [[[2.0, 3.0, 9.5], [3.0, 2.0 - i / 8, 9.5]] for i in range(3)],
         "eye_details/pupil_size": [-0.0625] * 3, "eye_details/iris_texture": ["eyeball_amber"] * 3,
         "lighting_details/skybox_texture": ["harbor"] * 3, "lighting_details/light_rotation": [[10.5, 0.0, 0.0]] * 3,
         "eye_region_details/pca_shape_coeffs": [[0.5, float(i)] for i in range(3)], "head_pose": [[352.5, float(i), 0.0] for i in range(3)]},
        ["*.json are of UnityEyes: its points and look_vec are converted so that y points down"],
        ["*.json: eye_details/look_vec[3]"])
    yield "half_of_the_sidecars", refused(images, beside(images[:2], [{"x": 1}, {"x": 2}]), "AMBIGUOUS", "1 of 3 images", "'2.jpg'")
    yield "json", right(
        images, beside(images, [{"x": i, "pose": {"yaw": i / 4}, "name": "n%d" % i, "on": True, "points": [[i, 1], [2, 3]]} for i in range(3)]),
        {"x": [0.0, 1.0, 2.0], "pose/yaw": [0.0, 0.25, 0.5], "name": ["n0", "n1", "n2"], "on": ["true"] * 3,
         "points": [[[float(i), 1.0], [2.0, 3.0]] for i in range(3)]})
    yield "uneven_json", right(
        images, beside(images, [{"x": i, "boxes": [{"w": 1}], "points": [1] * (i + 1), "some": 1} if i else {"x": 0, "boxes": [], "points": [1]} for i in range(3)]),
        {"x": [0.0, 1.0, 2.0]}, left_out=["*.json: boxes", "*.json: points", "*.json: some"])
    yield "broken_json", refused(images[:1], {"1.json": b'{"x": 1'}, "UNREADABLE", "1.json")
    yield "webdataset", right(
        images, {k: v for i in images for k, v in [(i[:-3] + "cls", b"%d" % (number(i) % 3)), (i[:-3] + "txt", b"no. %d" % number(i))]},
        {"cls": [1.0, 1.0, 2.0], "txt": ["no. 1", "no. 10", "no. 2"]})
    yield "half_of_the_texts", right(images, {"1.txt": b"first"}, {}, left_out=["1.txt"])


CASES = {name + ".zip": case for part in (names, rows, tables, cells, sidecars) for name, case in part()}


def flat(value):
    return [cell for one in value for cell in flat(one)] if isinstance(value, list) else [value]


def kind(values):
    cells = flat(values)
    return "text" if isinstance(cells[0], str) else "int64" if isinstance(cells[0], int) else "float64"


def shape(value):
    return [len(value)] + shape(value[0]) if isinstance(value, list) else []


def text(cell):
    return cell if isinstance(cell, str) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(repr(cell), repr(cell))


def make():
    with open(os.path.join(HERE, "answers.csv"), "w", encoding="utf-8", newline="") as f:
        answers = csv.writer(f, lineterminator="\n")
        for name, case in CASES.items():
            with zipfile.ZipFile(os.path.join(HERE, name), "w", zipfile.ZIP_DEFLATED) as z:
                slash = "\\" if name == "backslashes.zip" else "/"
                for file, data in [(image, png(i)) for i, image in enumerate(case["images"])] + list(case["files"].items()):
                    z.writestr(zipfile.ZipInfo(file.replace("/", slash)), data)
            if "refused" in case:
                answers.writerow([name, "refused", *case["refused"]])
                continue
            for label, values in case["labels"].items():
                answers.writerow([name, "label", label, kind(values), " x ".join(map(str, shape(values)[1:])), *map(text, flat(values))])
            for word in ("remarks", "left_out", "select"):
                answers.writerow([name, word, *case[word]])


def check(folder):
    import h5py
    import numpy as np

    def compare(name, case):
        path = os.path.join(folder, name[:-4] + ".h5")
        if "refused" in case:
            return ["is not refused"] if os.path.exists(path) else []
        found = []
        with h5py.File(path) as f:
            datasets = []
            f.visititems(lambda at, what: datasets.append(at) if isinstance(what, h5py.Dataset) else None)
            expected = {**case["labels"], "images": None}
            if set(datasets) != set(expected):
                return ["has %s, not %s" % (sorted(datasets), sorted(expected))]
            i, y, x = np.ogrid[: len(case["images"]), :H, :W]
            if not np.array_equal(f["images"][()], pixel(i, y, x)):
                found.append("has other images")
            for label, values in case["labels"].items():
                dataset = f[label]
                if kind(values) == "text":
                    cells = [cell.decode() for cell in dataset[()].ravel()]
                    same = h5py.check_string_dtype(dataset.dtype) is not None and cells == flat(values)
                else:
                    wanted = np.array(values, kind(values))
                    bits = lambda a: np.where(np.isnan(a), 0, a.view("i8")) if a.dtype == "f8" else a
                    same = dataset.dtype == wanted.dtype and np.array_equal(bits(dataset[()]), bits(wanted))
                if not same or list(dataset.shape) != shape(values):
                    found.append("%s is %s, not %s" % (label, dataset[()].tolist(), values))
        return found

    for name, case in CASES.items():
        for difference in compare(name, case):
            print(name, difference)


if __name__ == "__main__":
    check(sys.argv[2]) if sys.argv[1:2] == ["check"] else make()

"""Prints a line for each file of a folder: its name and its RGB pixels in hex, or why Pillow refuses it.

With "upright" as second argument, images are turned as their EXIF orientation says.
"""
import os
import sys
import warnings

from PIL import Image, ImageOps

warnings.simplefilter("ignore")
folder = sys.argv[1]
for name in sorted(os.listdir(folder)):
    try:
        with Image.open(os.path.join(folder, name)) as image:
            image.load()
            if sys.argv[2:] == ["upright"]:
                image = ImageOps.exif_transpose(image)
            print(name, "ok", *image.size, image.convert("RGB").tobytes().hex())
    except Exception as e:
        print(name, "refused", type(e).__name__, str(e).replace("\n", " "))

"""Creates the images in this folder: python3 make_images.py (Pillow 11, numpy).

All show the same 20 x 14 pixels, gray or in colour: `gray` and `colour` below. What they are good for is in their names.

read as gray:      gray.*, bits1.png (black and white), opaque.png (alpha of 255 throughout), white_is_zero.tif
read in colour:    rgb.*, palette.png, palette.bmp, progressive.jpg, lossy.webp, lzw.tif, deflate.tif, packbits.tif, jpeg.tif, tiles of no kind
read as gray if the model is gray: gray_rgb.png (three equal channels)
read as gray always:               gray_palette.png (its only colours are unused)
with metadata:     chunks.png, and exif.* with orientation 6 (turn by 90 degrees clockwise), resolution, ICC, XMP and comment where the format has them
UNSUPPORTED:       deep.png, deep.tif (16 bits), float.tif, cmyk.jpg, cmyk.tif, alpha.png, alpha.webp, key.png, clear.gif (transparent), animated.png (3 frames), animated.gif (2), animated.webp (2), pages.tif (2), part.gif
"""
import io
import os
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

HERE = os.path.dirname(os.path.abspath(__file__))
H, W = 14, 20
y, x = np.mgrid[:H, :W]
gray = ((11 * y + 7 * x) % 256).astype(np.uint8)
colour = np.stack([gray, (5 * y + 3 * x) % 256, 255 - gray], axis=2).astype(np.uint8)
GRAY, RGB = Image.fromarray(gray), Image.fromarray(colour)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def save(image, name, **options):
    image.save(os.path.join(HERE, name), **options)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def exif(orientation):
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010F] = "Camera"
    return block.tobytes()


def png_of_16_bits():
    rows = b"".join(b"\0" + (row.astype(">u2") * 257).tobytes() for row in gray)
    header = struct.pack(">IIBBBBB", W, H, 16, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def pngs():
    save(GRAY, "gray.png")
    save(RGB, "rgb.png")
    palette = RGB.quantize(64)
    save(palette, "palette.png")
    save(Image.merge("RGB", [GRAY] * 3), "gray_rgb.png")
    indexed = GRAY.copy()
    indexed = indexed.point(lambda v: v // 4)
    indexed.putpalette(sum([[4 * i] * 3 for i in range(64)], []) + [255, 0, 0])
    save(indexed, "gray_palette.png")
    save(GRAY.point(lambda v: 255 * (v > 100)).convert("1"), "bits1.png")
    save(Image.merge("LA", [GRAY, Image.new("L", GRAY.size, 255)]), "opaque.png")
    save(Image.merge("RGBA", [*RGB.split(), GRAY]), "alpha.png")
    save(RGB, "key.png", transparency=tuple(int(v) for v in colour[3, 4]))
    with open(os.path.join(HERE, "deep.png"), "wb") as f:
        f.write(png_of_16_bits())
    save(RGB, "animated.png", save_all=True, append_images=[RGB.rotate(180), RGB.rotate(90)])
    text = PngImagePlugin.PngInfo()
    text.add_text("Title", "An eye")
    text.add_text("Long", "z" * 300, zip=True)
    text.add_itxt("Author", "Jos\u00e9", "es", "Autor")
    text.add(b"gAMA", struct.pack(">I", 45455))
    text.add(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))
    text.add(b"tIME", struct.pack(">HBBBBB", 2020, 2, 3, 4, 5, 6))
    text.add(b"teSt", b"unknown, safe to copy")
    text.add(b"teST", b"unknown, not safe to copy")
    save(RGB, "chunks.png", pnginfo=text, icc_profile=SRGB, dpi=(72, 72))
    save(RGB, "exif.png", exif=exif(6))


def jpegs():
    save(GRAY, "gray.jpg", quality=90)
    save(RGB, "rgb.jpg", quality=90, subsampling=0)
    save(RGB, "progressive.jpg", quality=90, progressive=True)
    save(RGB.convert("CMYK"), "cmyk.jpg")
    save(RGB, "exif.jpg", quality=90, exif=exif(6), icc_profile=SRGB, comment="taken by José", dpi=(72, 72), xmp=b"<x:xmpmeta/>")


def others():
    for name in ["gray.bmp", "gray.tif", "gray.gif"]:
        save(GRAY, name)
    save(RGB, "rgb.bmp")
    save(RGB, "rgb.tif")
    save(RGB.quantize(64), "palette.bmp")
    save(RGB.quantize(64), "palette.gif")
    save(RGB, "lzw.tif", compression="tiff_lzw")
    save(RGB, "deflate.tif", compression="tiff_adobe_deflate")
    save(RGB, "packbits.tif", compression="packbits")
    save(RGB, "jpeg.tif", compression="jpeg")
    inverse = Image.fromarray(255 - gray)
    save(inverse, "white_is_zero.tif", tiffinfo={262: 0})
    save(RGB, "exif.tif", tiffinfo={274: 6, 270: "an eye"}, dpi=(72, 72), icc_profile=SRGB)
    save(Image.fromarray(gray.astype(np.uint16) * 257), "deep.tif")
    save(Image.fromarray(gray.astype(np.float32)), "float.tif")
    save(RGB.convert("CMYK"), "cmyk.tif")
    save(RGB, "pages.tif", save_all=True, append_images=[RGB])
    save(RGB.quantize(64), "animated.gif", save_all=True, append_images=[RGB.rotate(180).quantize(64)])
    save(RGB.quantize(64), "clear.gif", transparency=RGB.quantize(64).getpixel((3, 3)))
    gif = bytearray(io_gif())
    # The screen becomes larger than the image.
    gif[6] += 4
    with open(os.path.join(HERE, "part.gif"), "wb") as f:
        f.write(gif)
    save(RGB, "rgb.webp", lossless=True)
    save(RGB, "lossy.webp", quality=90)
    save(Image.merge("RGBA", [*RGB.split(), GRAY]), "alpha.webp", lossless=True)
    save(RGB, "exif.webp", lossless=True, exif=exif(6), icc_profile=SRGB, xmp=b"<x:xmpmeta/>")
    save(RGB, "animated.webp", save_all=True, append_images=[RGB.rotate(180)], duration=100)


def io_gif():
    out = io.BytesIO()
    GRAY.save(out, "GIF")
    return out.getvalue()


if __name__ == "__main__":
    pngs()
    jpegs()
    others()

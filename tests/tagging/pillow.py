"""What taggers' own programs make of a picture, by Pillow and NumPy: pillow.py NAME IN WIDTH HEIGHT OUT.

IN holds height x width x 3 bytes, red, green, blue; OUT gets float32 in the tagger's layout. Written from what the model
cards say, and knowing nothing of balse."""

import sys

import numpy as np
from PIL import Image


def square(image, colour):
    side = max(image.size)
    canvas = Image.new("RGB", (side, side), colour)
    canvas.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return canvas


def wd(image):
    image = square(image, (255, 255, 255)).resize((448, 448), Image.Resampling.BICUBIC)
    return np.asarray(image, np.float32)[:, :, ::-1]


def normalised(image, mean, deviation):
    array = np.asarray(image, np.float32) / np.float32(255)
    array = (array - np.asarray(mean, np.float32)) / np.asarray(deviation, np.float32)
    return array.transpose(2, 0, 1)


def pixai(image):
    return normalised(image.resize((448, 448), Image.Resampling.BILINEAR), [0.5] * 3, [0.5] * 3)


def cl(image):
    image = square(image, (255, 255, 255)).resize((448, 448), Image.Resampling.BICUBIC)
    return normalised(image, [0.5] * 3, [0.5] * 3)[::-1]


def camie(image):
    side = 512
    aspect = image.width / image.height
    if aspect > 1:
        size = (side, int(side / aspect))
    else:
        size = (int(side * aspect), side)
    small = image.resize(size, Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", (side, side), (124, 116, 104))
    canvas.paste(small, ((side - size[0]) // 2, (side - size[1]) // 2))
    return normalised(canvas, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def joytag(image):
    image = square(image, (255, 255, 255)).resize((448, 448), Image.Resampling.BICUBIC)
    return normalised(image, [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])


TAGGERS = {"wd-v3": wd, "pixai": pixai, "cl": cl, "camie": camie, "joytag": joytag}


def main():
    name, source, width, height, target = sys.argv[1:]
    pixels = np.fromfile(source, np.uint8).reshape(int(height), int(width), 3)
    TAGGERS[name](Image.fromarray(pixels)).astype("<f4").tofile(target)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Decodes all pictures of a folder by balse and by Pillow (python3-pil, python3-numpy) and compares them.

usage: compare_with_pillow.py BUILD_FOLDER FOLDER [--list] [--level X]

Both ways of reading transparency are compared: dropped, and laid over white. Pictures of more than 8 bits are compared by
their upper bytes. Prints a table by format: "same" is a mean absolute difference of at most X gray levels (5); with
--list also a line for every picture that is not the same in both programs. Ends with 1 where pictures differ.
BUILD_FOLDER has bin/balse_decode_pictures: ninja -C BUILD_FOLDER balse_decode_pictures.
"""
import argparse
import collections
import pathlib
import subprocess
import sys
import warnings

import numpy
from PIL import Image

COLUMNS = ["equal", "same", "differ", "refused", "refused by Pillow", "refused by both"]


class Balse:
    """The decoder of one way of reading transparency, fed path by path."""

    def __init__(self, build, *options):
        self.process = subprocess.Popen([build / "bin/balse_decode_pictures", *options], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def decode(self, path):
        """Red, green, blue as an array, or the reason why not."""
        self.process.stdin.write(str(path).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline().decode(errors="replace").strip()
        if not line:
            sys.exit(f"the decoder ended at {path}")
        if line.startswith("error"):
            return line[6:]
        width, height = map(int, line.split())
        pixels = numpy.frombuffer(self.process.stdout.read(width * height * 3), "u1")
        return pixels.reshape(height, width, 3)[:, :, ::-1]


def grays(image):
    """What Pillow has as gray levels of more than 8 bits: their upper bytes. None for others."""
    if image.mode == "F":
        return None
    if image.mode.startswith("I"):
        levels = numpy.asarray(image).astype("i8")
        return numpy.clip(levels >> 8, 0, 255).astype("u1")
    return None


def pillow(path, over_white):
    """Red, green, blue as an array, or the reason why not; and the format."""
    name = "unknown"
    try:
        with Image.open(path) as image:
            name = image.format
            image.load()
            levels = grays(image)
            if levels is not None:
                return numpy.dstack([levels] * 3), name
            if image.mode == "F":
                return "floats, which Pillow makes no colours of", name
            image = image.convert("RGBA")
            if over_white:
                white = Image.new("RGBA", image.size, "white")
                white.alpha_composite(image)
                image = white
            return numpy.asarray(image)[:, :, :3], name
    except Exception as error:  # whatever Pillow throws, it has refused the picture
        return f"{type(error).__name__}: {error}", name


def compare(ours, theirs, level):
    """The column, and what there is to say."""
    if isinstance(ours, str) and isinstance(theirs, str):
        return "refused by both", f"{ours} | {theirs}"
    if isinstance(ours, str):
        return "refused", ours
    if isinstance(theirs, str):
        return "refused by Pillow", theirs
    if ours.shape != theirs.shape:
        return "differ", f"{ours.shape[1]} x {ours.shape[0]}, not {theirs.shape[1]} x {theirs.shape[0]}"
    difference = numpy.abs(ours.astype("i2") - theirs)
    words = f"differs by {difference.mean():.3f} in the mean, {difference.max()} at most"
    if difference.max() == 0:
        return "equal", ""
    return ("same" if difference.mean() <= level else "differ"), words


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--list", action="store_true", help="say what is not equal, picture by picture")
    parser.add_argument("--level", type=float, default=5, help="mean difference that is still the same")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = 25_000_000  # an error from twice that on, which is our limit
    differ = 0
    for over_white in (False, True):
        balse = Balse(options.build, *(["--over-white"] if over_white else []))
        table = collections.defaultdict(collections.Counter)
        print("laid over white" if over_white else "transparency dropped")
        for path in sorted(p for p in options.folder.rglob("*") if p.is_file()):
            theirs, name = pillow(path, over_white)
            column, words = compare(balse.decode(path), theirs, options.level)
            if name == "unknown" and column == "refused by both":
                name = "no picture to either"
            table[name][column] += 1
            differ += column == "differ"
            if options.list and words:
                print(f"  {column}: {path.relative_to(options.folder)} ({name}): {words}")
        print(f"{'':24}" + "".join(f"{column:>18}" for column in COLUMNS))
        for name in sorted(table):
            print(f"{name:24}" + "".join(f"{table[name][column]:18}" for column in COLUMNS))
        print()
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""clang-tidy over the sources below src, a room at a time, and not again what has passed unchanged.

    scripts/tidy.py BUILD     BUILD: a folder with compile_commands.json of every source by itself

Most of clang-tidy's time goes to the headers of libraries, so the sources of a folder are joined to one text and read
once; findings are told by their own file and line. What a source must include itself is seen by the build of every
source alone. A text that has passed leaves a file named by the hash of all that was read in BUILD/passed.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

AT_MOST = 24  # sources in a text, so that two processors end at about the same time
# LibTorch's headers keep vectors of a class that is not complete yet, which clang refuses of a C++20 libstdc++; to read
# them is enough here, so these rooms get libc++'s headers.
TORCH_ROOMS = ("src/inference", "src/demo_tagger")
# In LibTorch's and CLI11's headers this check takes as long as all others together, and says nothing of our code.
SLOW_CHECK = "performance-unnecessary-value-param"
SLOW_ROOMS = (*TORCH_ROOMS, "src/cli", "src/manual")

build = pathlib.Path(sys.argv[1]).resolve()
source = pathlib.Path(__file__).resolve().parent.parent


class Text:
    """Sources of one room, joined."""

    def __init__(self, room, number, flags):
        self.room, self.flags = room, flags
        self.path = build / "joined" / f"{room.replace('/', '_')}_{number}.cpp"
        self.files = []

    def write(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.starts = []  # the line before which a file starts
        lines = []
        for file in self.files:
            self.starts.append(len(lines))
            lines += (source / file).read_text().splitlines()
        self.path.write_text("\n".join(lines) + "\n")

    def original(self, match):
        line = int(match.group(1))
        index = max(k for k, start in enumerate(self.starts) if start < line)
        return f"{source / self.files[index]}:{line - self.starts[index]}"

    def check(self):
        """What clang-tidy says of the text, with the places where it came from; nothing if it is clean."""
        self.write()
        flags = [*self.flags, f"-I{source / self.room}"]
        command = ["clang-tidy", "--quiet", str(self.path)]
        if self.room in SLOW_ROOMS:
            command.append(f"--checks=-{SLOW_CHECK}")
        if self.room in TORCH_ROOMS:
            flags.append("-stdlib=libc++")
        read = subprocess.run(["clang++", *flags, "-E", "-C", str(self.path)], capture_output=True)
        digest = hashlib.sha256(read.stdout + (source / ".clang-tidy").read_bytes() + "\0".join(command + flags).encode())
        digest.update(subprocess.run(["clang-tidy", "--version"], capture_output=True).stdout)
        passed = build / "passed" / digest.hexdigest()
        if read.returncode == 0 and passed.exists():
            return ""
        # The settings are found from the file's folder upwards, and the texts may lie anywhere.
        command.append(f"--config-file={source / '.clang-tidy'}")
        tidy = subprocess.run([*command, "--", *flags], capture_output=True, text=True)
        if tidy.returncode == 0 and tidy.stdout.strip() == "":
            passed.parent.mkdir(parents=True, exist_ok=True)
            passed.touch()
            return ""
        said = tidy.stdout + re.sub(r"^.*(warnings? generated|Suppressed|Use -header-filter).*\n", "", tidy.stderr, flags=re.M)
        return re.sub(re.escape(str(self.path)) + r":(\d+)", self.original, said) or f"{self.path}: clang-tidy failed\n"


def flags_of(entry):
    """The arguments of a compile command without compiler, file, output and what only GCC knows."""
    words = shlex.split(entry["command"])[1:]
    keep, skip = ["-Wno-unknown-warning-option"], False
    for word in words:
        if skip or word in ("-o", "-c"):
            skip = word == "-o" and not skip
        elif word != entry["file"] and word != "-Werror":
            keep.append(word)
    return keep


texts, seen = {}, set()
for entry in json.loads((build / "compile_commands.json").read_text()):
    file = os.path.relpath(entry["file"], source)
    # The kernels' per-processor copies are one file; it is read once, through the baseline.
    if not file.startswith("src/") or re.search(r"_avx\w+\.cpp$", file) or file in seen:
        continue
    seen.add(file)
    texts.setdefault((os.path.dirname(file), tuple(flags_of(entry))), []).append(file)

work = []
for (room, flags), files in sorted(texts.items()):
    count = -(-len(files) // AT_MOST)
    parts = [Text(room, f"{len(work)}_{k}", list(flags)) for k in range(count)]
    for k, file in enumerate(sorted(files)):
        parts[k * count // len(files)].files.append(file)
    work += parts
# The longest first.
work.sort(key=lambda text: (text.room not in TORCH_ROOMS, text.room not in SLOW_ROOMS, -len(text.files)))

clean = True
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for said in pool.map(Text.check, work):
        if said:
            clean = False
            print(said, end="", flush=True)
sys.exit(0 if clean else 1)

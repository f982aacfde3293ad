"""Keeps a file in the system's memory until its input ends: `keep_in_memory.py <file>`. Says so once all is there.

A byte of every page is touched every three seconds, through a mapping: that takes a hundredth of a core, and leaves the
processors' caches to what is measured, as reading the file again and again does not. Node.js cannot map a file.
"""

import mmap
import select
import sys

PAGE = 4096
PART = 16 * 2**20
SECONDS = 3.0


def touch(pages: memoryview, start: int) -> None:
    bytes(pages[start : start + PART : PAGE])


def main(path: str) -> None:
    with open(path, "rb") as file:
        pages = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    starts = range(0, len(pages), PART)
    for start in starts:
        touch(pages, start)
    print("in memory", flush=True)
    while True:
        for start in starts:
            touch(pages, start)
            if select.select([sys.stdin], [], [], SECONDS / len(starts))[0]:
                return


main(sys.argv[1])

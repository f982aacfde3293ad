"""Keeps a file in the system's memory until it is ended: `keep_in_memory.py <file>`. Says so when it has read it once.

A byte of every page is touched every three seconds, through a mapping: that takes a hundredth of a core, and leaves the
processors' caches to what is measured, as reading the file again and again does not. Node.js cannot map a file.
"""

import mmap
import sys
import time

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
            time.sleep(SECONDS / len(starts))


main(sys.argv[1])

/** Standard output, which may end before the command: whoever reads has had enough, as in `… | head`, or a disk is full. */

/**
 * From now on a command goes on without its reader: it has files to write or to clear up, and its exit code tells what
 * it found. What could not be written for another reason is told, and never looks like findings.
 */
export function outliveReaders(): void {
  let told = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || told) return;
    // A file refuses every piece anew.
    told = true;
    process.stderr.write(`keyposture: standard output cannot be written: ${error.message}\n`);
    process.once("exit", () => {
      process.exitCode = 2;
    });
  });
  // There is nobody left to tell it.
  process.stderr.on("error", () => undefined);
}

/** Resolves when nobody reads any more, for a command that would not end by itself. */
export function readerGone(): Promise<"reader-gone"> {
  return new Promise((resolve) => process.stdout.once("error", () => resolve("reader-gone")));
}

/** As fast as it is read. All is taken, though nobody may read it any more: the exit code follows from what was taken. */
export async function writeOut(pieces: AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    // What goes wrong comes as an event as well.
    await new Promise<void>((resolve) => process.stdout.write(piece, () => resolve()));
  }
}

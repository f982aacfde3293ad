import { readFile } from "node:fs/promises";
import { type JsonPosition, positionOf } from "../access/parse-json.ts";

export type TextFile = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string };

/** A text file that somebody named. One that cannot be read, or is no UTF-8, is a value; a byte order mark is dropped. */
export async function readTextFile(file: string): Promise<TextFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    return { ok: false, error: reasons.get(String(cause.code)) ?? `it cannot be read (${String(cause.code)})` };
  }
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const { line, column } = positionOfBadByte(bytes);
    return { ok: false, error: `it is not UTF-8 text (line ${line}, column ${column})` };
  }
}

const noSuchFile = "there is no such file";
const noRight = "there is no right to read it";
const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", noSuchFile],
  ["ENOTDIR", noSuchFile],
  ["EISDIR", "it is a directory, and a file is expected"],
  ["EACCES", noRight],
  ["EPERM", noRight],
]);

/** What is no UTF-8 is replaced by the decoder, and so comes out different when it is encoded again. */
function positionOfBadByte(bytes: Uint8Array): JsonPosition {
  const again = new TextEncoder().encode(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  const different = again.findIndex((byte, index) => byte !== bytes[index]);
  // As a stream, so that the start of a letter that breaks off is left out.
  const before = new TextDecoder().decode(bytes.subarray(0, different), { stream: true });
  return positionOf(before, before.length);
}

import { readFile } from "node:fs/promises";

export type TextFile = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string };

/** A text file that somebody named. One that cannot be read, or is no UTF-8, is a value; a byte order mark is dropped. */
export async function readTextFile(file: string): Promise<TextFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    return { ok: false, error: cause.code === "ENOENT" ? "there is no such file" : cause.message };
  }
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    return { ok: false, error: "it is not UTF-8 text" };
  }
}

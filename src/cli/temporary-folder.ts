import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperatorError } from "../errors/operator-error.ts";

/** A folder for a database that is forgotten afterwards; whoever asks for it removes it. */
export async function makeTemporaryFolder(): Promise<string> {
  const parent = tmpdir();
  try {
    return await mkdtemp(join(parent, "keyposture-"));
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    const detail = `no database can be made in ${parent}, the folder for temporary files: ${cause.message}; TMPDIR names another one`;
    throw new OperatorError("database-unopenable", detail, { cause });
  }
}

import { hash, randomUUID } from "node:crypto";

/** A database that was put back from a backup counts the same numbers again, for other changes. */
const run = randomUUID();

/**
 * The tag of what a query answers while the service runs and nothing changes. It is weak: the echoed `as_of` of a
 * question about the present moves on, and says the same.
 */
export function entityTag(parts: {
  readonly version: string;
  readonly changeSeq: number;
  readonly query: object;
}): string {
  const { version, changeSeq, query } = parts;
  const digest = hash("sha256", JSON.stringify([run, version, changeSeq, query]), "base64url");
  return `W/"${digest.slice(0, 22)}"`;
}

/** Whether an If-None-Match header has the tag. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
export function hasTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const opaque = tag.replace(/^W\//, "");
  return ifNoneMatch.split(",").some((one) => one.trim().replace(/^W\//, "") === opaque);
}

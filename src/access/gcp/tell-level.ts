import type { GcpLevel } from "../../model/gcp-access.ts";

/** For messages: what a finding is of, it names already, and a policy in a file may be of a key that nobody named. */
export function tellLevel({ kind, name }: GcpLevel): string {
  return kind === "key" ? "the key" : name;
}

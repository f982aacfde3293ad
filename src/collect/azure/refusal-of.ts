import type { Reading } from "../../model/reading.ts";
import { Refused } from "../refusal.ts";

/** What was to be known from another reading is not, for the same reason. Throws a TypeError where that one was seen. */
export function refusalOf({ answer, call: asked }: Reading): Refused {
  if (answer.state === "seen") throw new TypeError(`${asked} was seen and tells nothing`);
  const { reason, detail, call = asked, permission = null } = answer;
  return new Refused({ reason, detail, again: "no", call, permission });
}

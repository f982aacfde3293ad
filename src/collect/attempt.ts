import type { CallTable } from "../model/call.ts";
import type { Fact } from "../model/fact.ts";
import { unreadable } from "../model/fact.ts";
import type { Json } from "../model/json.ts";
import type { Reading } from "../model/reading.ts";
import type { Clock } from "./clock.ts";
import { Refused } from "./refusal.ts";

/** What a call told: its facts, and where it is a complete list, what it lists. */
export interface Told {
  readonly facts: Readonly<Record<string, Fact<Json>>>;
  readonly parts?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Makes a reading of one call: what it told, or why it did not. Only a refusal becomes data; whatever else is thrown
 * is a bug and is thrown on.
 */
export async function attempt(
  calls: CallTable,
  clock: Clock,
  target: { readonly call: string; readonly part?: string },
  read: () => Promise<Told>,
): Promise<Reading> {
  const { call, part = null } = target;
  try {
    const { facts, parts } = await read();
    return { call, part, at: clock.now(), answer: { state: "seen", facts }, ...(parts === undefined ? {} : { parts }) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { reason, detail, call: refused = call } = error.refusal;
    const { permission = calls[refused]?.permission ?? null } = error.refusal;
    // What is no call, such as the credentials, is named by the detail itself.
    const said = refused === call || calls[refused] === undefined ? detail : `${refused}: ${detail}`;
    const source = permission === null ? { call: refused } : { call: refused, permission };
    return { call, part, at: clock.now(), answer: unreadable(reason, said, source) };
  }
}

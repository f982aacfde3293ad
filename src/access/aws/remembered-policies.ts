/** A policy is compiled once and asked many times, by every key that has the same text. */

import type { Parsed } from "../parse-json.ts";
import { type CompiledPolicy, compilePolicy } from "./compile-policy.ts";
import { parsePolicy } from "./parse-policy.ts";

const capacity = 1000;
/** In the order of last use: what comes first goes first. */
const remembered = new Map<string, Parsed<CompiledPolicy>>();

/** The compiled policy of this text, or where it breaks. */
export function compiledPolicy(text: string): Parsed<CompiledPolicy> {
  const before = remembered.get(text);
  remembered.delete(text);
  const compiled = before ?? compileText(text);
  remembered.set(text, compiled);
  const oldest = remembered.size > capacity ? remembered.keys().next().value : undefined;
  if (oldest !== undefined) remembered.delete(oldest);
  return compiled;
}

function compileText(text: string): Parsed<CompiledPolicy> {
  const parsed = parsePolicy(text);
  return parsed.ok ? { ok: true, value: compilePolicy(parsed.value) } : parsed;
}

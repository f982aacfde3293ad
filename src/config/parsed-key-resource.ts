import type { KeyResource } from "../model/key.ts";

export type ParsedKeyResource =
  | { readonly ok: true; readonly resource: KeyResource; readonly default_name: string }
  | { readonly ok: false; readonly detail: string };

/** `detail` goes on from "As the name of a key, …". */
export function invalidResource(detail: string): ParsedKeyResource {
  return { ok: false, detail };
}

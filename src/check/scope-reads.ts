import type { AnyScope } from "./define-check.ts";

/** The facts that decide whether a check says anything: of its scope, and of the wider ones around it. */
export function scopeReads(scope: AnyScope | undefined): readonly string[] {
  return scope === undefined ? [] : [...scopeReads(scope.within), ...scope.reads];
}

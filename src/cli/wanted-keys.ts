import { nearestName } from "../config/nearest-name.ts";
import { OperatorError } from "../errors/operator-error.ts";

/** The keys that `--key` names, or all. Throws an OperatorError where there is none, or none of a name. */
export function wantedKeys(asked: readonly string[] | undefined, names: readonly string[]): readonly string[] {
  if (names.length === 0) throw new OperatorError("no-keys", "no key is registered: there is nothing to look at");
  for (const name of asked ?? []) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    const hint = near === undefined ? `the keys are ${names.join(", ")}` : `did you mean ${near}?`;
    throw new OperatorError("no-keys", `there is no key ${name}; ${hint}`);
  }
  return asked ?? names;
}

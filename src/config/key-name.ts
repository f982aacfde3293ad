import type { KeyResource } from "../model/key.ts";

/** Names of keys stand in paths, in options and in metric labels. */
export const keyNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** For messages: what `keyNamePattern` takes. */
export const keyNameForm = "1 to 63 letters, digits, dots, underscores and dashes, the first a letter or digit";

/**
 * The name of a key that was given none: the last part of its resource; where that is taken, as by the other regions'
 * replicas of a multi-Region key, with its location (in Azure its vault), and then with a number.
 */
export function freeKeyName(
  defaultName: string,
  { account, location }: Pick<KeyResource, "account" | "location">,
  isTaken: (name: string) => boolean,
): string {
  if (!isTaken(defaultName)) return defaultName;
  const place = location ?? account.split(".")[0];
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? `-${place}` : `-${place}-${number}`;
    const name = `${defaultName.slice(0, 63 - suffix.length)}${suffix}`;
    if (!isTaken(name)) return name;
  }
}

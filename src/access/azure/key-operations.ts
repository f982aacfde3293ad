/**
 * The operations that a key lists. A list that is absent or empty means all of them.
 * https://learn.microsoft.com/en-us/azure/key-vault/keys/about-keys-details#key-operations
 */

/** All that Anthropic needs. */
export const neededKeyOperations: readonly string[] = ["wrapKey", "unwrapKey"];

/** Those of the needed ones that the key does not permit. */
export function missingKeyOperations(operations: readonly string[] | null): string[] {
  return isEverything(operations) ? [] : neededKeyOperations.filter((one) => !has(operations, one));
}

/** Those that the key permits beyond the needed ones, as it lists them, sorted; `all` where it lists none. */
export function needlessKeyOperations(operations: readonly string[] | null): readonly string[] | "all" {
  return isEverything(operations) ? "all" : operations.filter((one) => !has(neededKeyOperations, one)).toSorted();
}

function isEverything(operations: readonly string[] | null): operations is null | readonly [] {
  return operations === null || operations.length === 0;
}

function has(operations: readonly string[], operation: string): boolean {
  return operations.some((one) => one.toLowerCase() === operation.toLowerCase());
}

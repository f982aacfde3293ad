/** Who may register, change and retire keys: the file its own, the API all others. */
import type { ConfiguredKey } from "../config/config-schema.ts";
import type { Key } from "../model/key.ts";
import type { Store, StoreWriter } from "../store/store.ts";

export interface FileChanges {
  readonly registered: readonly string[];
  readonly retired: readonly string[];
}

/**
 * Makes the registered keys of the file those that it holds now, in one transaction: a key that left it is retired with
 * its history kept, and the same name with another resource retires the old key. Keys of the API stay, but for one
 * whose name or resource the file now claims.
 */
export function registerFileKeys(store: Store, wanted: readonly ConfiguredKey[], at: number): Promise<FileChanges> {
  return store.write(async (tx) => {
    const live = await tx.keys();
    const retired = live.filter((key) => !stays(key, wanted));
    for (const { name } of retired) await tx.retireKey(name, at);
    const registered: string[] = [];
    for (const key of wanted) if (await keep(tx, key, at)) registered.push(key.name);
    return { registered, retired: retired.map(({ name }) => name) };
  });
}

/** Whether the file says nothing against a live key. */
function stays(key: Key, wanted: readonly ConfiguredKey[]): boolean {
  const same = wanted.find(({ resource }) => resource === key.resource);
  if (same !== undefined) return same.name === key.name;
  return key.source === "api" && !wanted.some(({ name }) => name === key.name);
}

/** True where the key was not registered before. */
async function keep(tx: StoreWriter, key: ConfiguredKey, at: number): Promise<boolean> {
  if ((await tx.key(key.name)) !== undefined) {
    await tx.updateRegistration(key.name, key.registration, at, "file");
    return false;
  }
  const result = await tx.registerKey({ ...key, source: "file" }, at);
  if (result.state !== "registered") {
    throw new Error(`${key.name} could not be registered, though everything that stands against it was retired`);
  }
  return true;
}

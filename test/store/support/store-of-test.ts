/** What is closed and gone when the test that asked for it is over. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { StoreOptions } from "../../../src/store/open-store.ts";
import { keyNamed, start, type TemporaryStore, temporaryStore } from "./material.ts";

export async function storeOfTest(options: Partial<StoreOptions> = {}): Promise<TemporaryStore> {
  const temporary = await temporaryStore(options);
  onTestFinished(() => temporary[Symbol.asyncDispose]());
  return temporary;
}

/** With the key `a`, registered at the start. */
export async function storeWithKey(options: Partial<StoreOptions> = {}): Promise<TemporaryStore> {
  const temporary = await storeOfTest(options);
  await temporary.store.write((tx) => tx.registerKey(keyNamed("a"), start));
  return temporary;
}

export function folderOfTest(): string {
  const path = mkdtempSync(join(tmpdir(), "keyposture-store-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

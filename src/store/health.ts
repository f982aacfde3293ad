/** How a store stands as far as writing goes: what the last transaction said, and what no transaction mends. */
import { statSync } from "node:fs";
import type { StoreHealth } from "./store.ts";
import { StoreError, type StoreErrorCode } from "./store-error.ts";

export interface Health {
  current(): StoreHealth;
  /** A transaction was committed. */
  committed(): void;
  /** What a transaction was refused with. */
  refused(error: StoreError): void;
  /** What a question was refused with: it tells of a damage, but not of what can be written. */
  unread(error: unknown): void;
}

/** Other pages may be whole, and written well. */
const lasting: ReadonlySet<StoreErrorCode> = new Set(["database-corrupt"]);

export function createHealth(): Health {
  let health: StoreHealth = { ok: true };

  function become(next: StoreHealth): void {
    if (health.ok || !lasting.has(health.code)) health = next;
  }

  function refused(error: StoreError): void {
    // Others say of what was asked that it cannot be done, and the database is well.
    if (error.code.startsWith("database-")) become({ ok: false, code: error.code, reason: error.message });
  }

  return {
    current: () => health,
    committed: () => become({ ok: true }),
    refused,
    unread(error) {
      if (error instanceof StoreError && lasting.has(error.code)) refused(error);
    },
  };
}

/**
 * Throws once the file of that name is not the one that it is now. SQLite would go on with the one that was opened, also
 * when it has no name any more, and all that is written would be gone with the process.
 */
export function watchFile(path: string): () => void {
  const opened = identityOf(path);
  return () => {
    if (isStill(path, opened)) return;
    throw new StoreError(
      "database-unopenable",
      `${path}: the file was removed, or another was put in its place, while it was in use; nothing is written any more: start the service anew, and put a backup in place only while it is stopped`,
    );
  };
}

function isStill(path: string, opened: string | undefined): boolean {
  try {
    return identityOf(path) === opened;
  } catch {
    // Its folder may not be looked into any more: what is open can be written all the same, or SQLite says why not.
    return true;
  }
}

function identityOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev} ${stats.ino}`;
}

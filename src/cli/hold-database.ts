import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../audit/logger.ts";
import { OperatorError } from "../errors/operator-error.ts";
import type { LeaseKeeper } from "../schedule/lease-keeper.ts";

/** The lease of the process that serves a database; no scope has such a name. */
const served = "(service)";
/** Longer than the lease of a process that was killed lasts, in milliseconds. */
const patience = 45_000;

/**
 * Makes this process the only one that serves the database, until the returned function is called. Where another one
 * does, it is waited for: one that was killed lets go by itself. Throws `database-in-use` when it does not end.
 */
export async function holdDatabase(leases: LeaseKeeper, database: string, log: Logger): Promise<() => Promise<void>> {
  const begun = performance.now();
  for (let told = false; ; told = true) {
    const release = await tryToHold(leases);
    if (release !== undefined) return release;
    if (performance.now() - begun > patience) {
      throw new OperatorError(
        "database-in-use",
        `${database} is served by another process; stop it, or name another file`,
      );
    }
    if (!told)
      log.warn({ database }, "another process serves this database, or was killed a moment ago: waiting for it");
    await sleep(1000);
  }
}

/** Runs the work unless another process serves the database, and tells whether it did. */
export async function unlessServed(leases: LeaseKeeper, work: () => Promise<void>): Promise<boolean> {
  const done = await leases.whileHeld(served, async () => {
    await work();
    return true;
  });
  return done ?? false;
}

async function tryToHold(leases: LeaseKeeper): Promise<(() => Promise<void>) | undefined> {
  const held = Promise.withResolvers<true>();
  const released = Promise.withResolvers<void>();
  const ended = leases.whileHeld(served, () => {
    held.resolve(true);
    return released.promise;
  });
  const outcome = await Promise.race([held.promise, ended]);
  if (outcome !== true) return undefined;
  return async () => {
    released.resolve();
    await ended;
  };
}

import type { Logger } from "../audit/logger.ts";

/** Where leases are kept: a row per scope, so that two processes on one database stay apart. */
export interface LeaseTable {
  /** Takes or renews the lease; false where another holder has it. Times in epoch milliseconds. */
  acquire(scope: string, holder: string, at: number, ttl: number): Promise<boolean>;
  release(scope: string, holder: string): Promise<void>;
}

/** A process that dies lets go of its scopes after this long, in milliseconds. */
const ttl = 30_000;

export interface LeaseKeeper {
  /** Runs work while this process holds the scope. Undefined, and no work, where another process holds it. */
  whileHeld<T>(scope: string, work: () => Promise<T>): Promise<T | undefined>;
}

interface Hold {
  users: number;
  renewal: NodeJS.Timeout | undefined;
}

/** Holds leases for one process; several runs of one scope within it share one. */
export function createLeaseKeeper(options: {
  readonly leases: LeaseTable;
  readonly holder: string;
  readonly now: () => number;
  readonly log: Logger;
}): LeaseKeeper {
  const { leases, holder, now, log } = options;
  const held = new Map<string, Hold>();

  async function renew(scope: string): Promise<void> {
    try {
      const kept = await leases.acquire(scope, holder, now(), ttl);
      if (!kept) log.warn({ scope }, "another process took over a scope that is still being scanned here");
    } catch (err) {
      // A renewal that fails is one that is missed: the next comes before the lease has run out.
      log.error({ err, scope }, "the lease of a scope could not be renewed");
    }
  }

  async function leave(scope: string, hold: Hold): Promise<void> {
    hold.users -= 1;
    if (hold.users > 0) return;
    clearInterval(hold.renewal);
    held.delete(scope);
    try {
      await leases.release(scope, holder);
    } catch (err) {
      // The work is done all the same, and the lease runs out by itself.
      log.error({ err, scope }, "the lease of a scope could not be released");
    }
  }

  return {
    async whileHeld(scope, work) {
      const hold = held.get(scope) ?? { users: 0, renewal: undefined };
      held.set(scope, hold);
      // Counted before it is asked for: a run that ends meanwhile must not release what this one is given.
      hold.users += 1;
      try {
        if (!(await leases.acquire(scope, holder, now(), ttl))) return undefined;
        // A scan that hangs keeps its lease, but not the process.
        hold.renewal ??= setInterval(() => void renew(scope), ttl / 3).unref();
        return await work();
      } finally {
        await leave(scope, hold);
      }
    },
  };
}

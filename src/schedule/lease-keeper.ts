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

/** Holds leases for one process; several runs of one scope within it share one. */
export function createLeaseKeeper(options: {
  readonly leases: LeaseTable;
  readonly holder: string;
  readonly now: () => number;
  readonly log: Logger;
}): LeaseKeeper {
  const { leases, holder, now, log } = options;
  const held = new Map<string, { users: number; readonly renewal: NodeJS.Timeout }>();

  async function release(scope: string): Promise<void> {
    const lease = held.get(scope);
    if (lease === undefined) return;
    lease.users -= 1;
    if (lease.users > 0) return;
    clearInterval(lease.renewal);
    held.delete(scope);
    await leases.release(scope, holder);
  }

  return {
    async whileHeld(scope, work) {
      if (!(await leases.acquire(scope, holder, now(), ttl))) return undefined;
      const lease = held.get(scope);
      if (lease === undefined) {
        const renew = () => {
          // A renewal that fails is one that is missed: the next comes before the lease has run out.
          leases.acquire(scope, holder, now(), ttl).catch((err: unknown) => {
            log.error({ err, scope }, "the lease of a scope could not be renewed");
          });
        };
        held.set(scope, { users: 1, renewal: setInterval(renew, ttl / 3) });
      } else lease.users += 1;
      try {
        return await work();
      } finally {
        await release(scope);
      }
    },
  };
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
export type Interrupt = keyof typeof exitCodes;

/**
 * From now on a signal does not end the process: it resolves this, and the command clears up after itself. Further
 * signals change nothing, so that nobody's impatience leaves half of it behind.
 */
export function interruption(): Promise<Interrupt> {
  return new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => resolve(name));
  });
}

/** What a command ends with that was interrupted, by the convention of shells. */
export function interruptedExit(name: Interrupt): number {
  return exitCodes[name];
}

/** Thrown where what was interrupted has nothing to return. */
export class Interrupted extends Error {
  readonly by: Interrupt;

  constructor(by: Interrupt) {
    super(`interrupted by ${by}`);
    this.by = by;
  }
}

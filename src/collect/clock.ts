/** Time as collectors need it; tests bring their own. */
export interface Clock {
  /** When something was seen: epoch milliseconds. */
  now(): number;
  /** For how long something lasts: milliseconds since some moment, whatever the machine's time is set to meanwhile. */
  steady(): number;
  sleep(milliseconds: number): Promise<void>;
  /** From 0 to 1, for jitter. */
  random(): number;
}

/** The machine's own. */
export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
};

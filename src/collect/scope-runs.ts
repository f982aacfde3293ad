/** Hands to those who read of a scope at the same time what they share. */
export type DuringRun<T> = <U>(scope: string, make: () => T, read: (shared: T) => Promise<U>) => Promise<U>;

/** What is shared lives while somebody reads of the scope: a run that begins later sees what is then. */
export function createScopeRuns<T>(): DuringRun<T> {
  const runs = new Map<string, { readonly shared: T; readers: number }>();
  return async (scope, make, read) => {
    const run = runs.get(scope) ?? { shared: make(), readers: 0 };
    runs.set(scope, run);
    run.readers += 1;
    try {
      return await read(run.shared);
    } finally {
      run.readers -= 1;
      if (run.readers === 0) runs.delete(scope);
    }
  };
}

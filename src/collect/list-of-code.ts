/** In which of some lists of error codes each code stands. */
export function listOfCode<Name extends string>(
  lists: Readonly<Record<Name, readonly string[]>>,
): ReadonlyMap<string, Name> {
  const entries = Object.entries<readonly string[]>(lists);
  return new Map(entries.flatMap(([name, codes]) => codes.map((code) => [code, name as Name] as const)));
}

/** What comes in portions, in one list. */
export async function allOf<T>(portions: AsyncIterable<readonly T[]> | Iterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const some of portions) all.push(...some);
  return all;
}

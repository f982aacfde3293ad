/** How many of so many calls at once are answered; the others are refused. */
export async function answered(times: number, call: () => Promise<unknown>): Promise<number> {
  const results = await Promise.allSettled(Array.from({ length: times }, call));
  return results.filter(({ status }) => status === "fulfilled").length;
}

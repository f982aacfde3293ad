const milliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** For messages: what `parseDuration` takes. */
export const durationForm = "a duration such as 500ms, 60s, 15m, 24h or 30d";

/** A whole number with a unit, in milliseconds; undefined where the text is none, or counts beyond what is exact. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  const [, count, unit] = match;
  const duration = Number(count) * milliseconds[unit as keyof typeof milliseconds];
  return Number.isSafeInteger(duration) ? duration : undefined;
}

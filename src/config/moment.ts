/** For messages: what `parseMoment` takes. */
export const momentForm = "a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z";

/**
 * Epoch milliseconds of a time of RFC 3339, in which T and Z may be small letters, or of the begin of a day in UTC;
 * undefined where the text is neither.
 */
export function parseMoment(written: string): number | undefined {
  const text = written.toUpperCase();
  const match = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, day = "", time] = match;
  const midnight = Date.parse(day);
  // Date.parse makes of February 30 a day of March.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  const at = time === undefined ? midnight : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

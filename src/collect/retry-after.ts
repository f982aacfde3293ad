/**
 * How long an answer asks to wait, in milliseconds; undefined where it does not ask, or not in a form that is known:
 * a number of seconds, or a date, which is counted from the answer's own, as the machine's clock may be another one.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterOf(headers: Readonly<Record<string, unknown>>): number | undefined {
  const value = headers["retry-after"];
  if (typeof value !== "string") return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Anything else that could be taken for a date is none.
  if (!/^\w{3}, .* GMT$/.test(value)) return undefined;
  const wait = Date.parse(value) - Date.parse(String(headers["date"]));
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

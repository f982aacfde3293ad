/** Dates of policies, without a clock and without `Date`: the calendar is arithmetic. Times are epoch milliseconds. */

const isoPattern =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;
const dayLength = 86_400_000;

/**
 * An ISO 8601 date as AWS documents it, or epoch seconds; undefined where it is neither.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */
export function parseDate(text: string): number | undefined {
  const iso = isoPattern.exec(text);
  if (iso === null) return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : undefined;
  const [, year, month = "1", day = "1", hour = "0", minute = "0", second = "0", fraction = "0", zone = "Z"] = iso;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  if (!isCalendarDay(date) || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const time = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1000;
  return daysSinceEpoch(date) * dayLength + time + Math.floor(Number(`0.${fraction}`) * 1000) - zoneOffset(zone);
}

/** `2026-09-01T12:00:00Z`, to the second: what `aws:CurrentTime` holds. `at` in epoch milliseconds. */
export function formatDate(at: number): string {
  const days = Math.floor(at / dayLength);
  const seconds = Math.floor((at - days * dayLength) / 1000);
  const { year, month, day } = dayOf(days);
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${clock}Z`;
}

/** As `formatDate`, of a time that may not be set. */
export function formatDateOrNull(at: number | null): string | null {
  return at === null ? null : formatDate(at);
}

interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function isCalendarDay({ year, month, day }: CalendarDay): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= ([31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] as number);
}

/** In the proleptic Gregorian calendar. Years begin in March here, so that the leap day is the last day of one. */
function daysSinceEpoch({ year, month, day }: CalendarDay): number {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}

/** The inverse of `daysSinceEpoch`: guess the year from its mean length, then correct by at most one. */
function dayOf(days: number): CalendarDay {
  let year = Math.floor((days + 719_468) / 365.2425);
  if (days < daysSinceEpoch({ year, month: 3, day: 1 })) year -= 1;
  else if (days >= daysSinceEpoch({ year: year + 1, month: 3, day: 1 })) year += 1;
  const dayOfYear = days - daysSinceEpoch({ year, month: 3, day: 1 });
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: month <= 2 ? year + 1 : year, month, day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1 };
}

function zoneOffset(zone: string): number {
  if (zone === "Z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

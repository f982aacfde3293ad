/**
 * The calendar of conditions. The library's own goes through the time zone of the machine that it runs on, and so gives
 * another hour there on the day when the clocks change.
 */
import { type CelFunc, CelScalar, celMethod, objectType } from "@bufbuild/cel";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";

const { STRING, INT } = CelScalar;
const dayLength = 86_400_000;

/** What a clock on the wall shows, as milliseconds since 1970 of that clock. */
type LocalTime = number;

/** https://github.com/google/cel-spec/blob/master/doc/langdef.md#timezones */
export const timeMethods: readonly CelFunc[] = [
  ...getter("getFullYear", (local) => dateOf(local).year),
  ...getter("getMonth", (local) => dateOf(local).month - 1),
  ...getter("getDate", (local) => dateOf(local).day),
  ...getter("getDayOfMonth", (local) => dateOf(local).day - 1),
  ...getter("getDayOfYear", (local) => dayNumber(local) - daysBefore(dateOf(local).year, 1)),
  ...getter("getDayOfWeek", (local) => remainder(dayNumber(local) + 4, 7)),
  ...getter("getHours", (local) => Math.floor(remainder(local, dayLength) / 3_600_000)),
  ...getter("getMinutes", (local) => Math.floor(remainder(local, 3_600_000) / 60_000)),
  ...getter("getSeconds", (local) => Math.floor(remainder(local, 60_000) / 1000)),
  ...getter("getMilliseconds", (local) => remainder(local, 1000)),
];

/** Functions by which a condition comes and goes with the calendar. */
export const calendarFunctions: ReadonlySet<string> = new Set(timeMethods.map(({ name }) => name));

function getter(name: string, read: (local: LocalTime) => number): readonly CelFunc[] {
  const timestamp = objectType(TimestampSchema);
  return [
    celMethod(name, timestamp, [], INT, function () {
      return BigInt(read(millisecondsOf(this.message)));
    }),
    celMethod(name, timestamp, [STRING], INT, function (zone) {
      return BigInt(read(localTime(millisecondsOf(this.message), zone)));
    }),
  ];
}

function millisecondsOf({ seconds, nanos }: { readonly seconds: bigint; readonly nanos: number }): number {
  return Number(seconds) * 1000 + Math.floor(nanos / 1_000_000);
}

/**
 * Throws where the zone is one with a name: its clocks are moved by people, and the machine's list of that says nothing
 * for certain. The library makes an error of it, that is, an answer that is not known.
 */
function localTime(at: number, zone: string): LocalTime {
  const offset = zoneOffset(zone);
  if (offset === undefined) throw new Error(`the time in ${zone} is not known`);
  return at + offset;
}

/** Milliseconds east of Greenwich; undefined of a zone with a name, and of no zone at all. */
export function zoneOffset(zone: string): number | undefined {
  if (/^(?:Etc\/)?(?:UTC|GMT)$/.test(zone)) return 0;
  const [, sign, hours, minutes] = /^([+-]?)(\d\d):(\d\d)$/.exec(zone) ?? [];
  return hours === undefined ? undefined : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function dayNumber(local: LocalTime): number {
  return Math.floor(local / dayLength);
}

function remainder(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** Days from 1970 to the first of a month. */
function daysBefore(year: number, month: number): number {
  // Years begin in March here, so that the leap day is the last day of one.
  const y = month <= 2 ? year - 1 : year;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + ofYear - 719_468;
}

function dateOf(local: LocalTime): { readonly year: number; readonly month: number; readonly day: number } {
  const days = dayNumber(local);
  let year = Math.floor((days + 719_468) / 365.2425);
  while (daysBefore(year + 1, 1) <= days) year += 1;
  while (daysBefore(year, 1) > days) year -= 1;
  let month = 12;
  while (daysBefore(year, month) > days) month -= 1;
  return { year, month, day: days - daysBefore(year, month) + 1 };
}

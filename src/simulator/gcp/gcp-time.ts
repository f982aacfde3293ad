// Times and durations: RFC 3339 and `86400s` in JSON, messages of seconds and nanoseconds in gRPC.
import type { JsonObject } from "../shape.ts";

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(\d{1,9}))?Z$/;
const durationPattern = /^(\d+)(?:\.(\d{1,9}))?s$/;

export function isTime(text: string): boolean {
  return timePattern.test(text) && !Number.isNaN(Date.parse(text));
}

export function isDuration(text: string): boolean {
  return durationPattern.test(text);
}

/** The message of a time that may not be there. */
export function timestampMessage(text: string | undefined): JsonObject | undefined {
  const fraction = text === undefined ? undefined : (timePattern.exec(text)?.[1] ?? "");
  return text === undefined || fraction === undefined
    ? undefined
    : { seconds: Math.floor(Date.parse(text) / 1000), nanos: nanosOf(fraction) };
}

export function durationMessage(text: string | undefined): JsonObject | undefined {
  const [, seconds, fraction = ""] = text === undefined ? [] : (durationPattern.exec(text) ?? []);
  return seconds === undefined ? undefined : { seconds: Number(seconds), nanos: nanosOf(fraction) };
}

/** The text of a time that came as a message, to the millisecond. */
export function timestampText({ seconds, nanos }: JsonObject): string {
  return timeText(Number(seconds) * 1000 + Math.floor(Number(nanos) / 1e6));
}

/** The text of epoch milliseconds. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

export function durationText({ seconds, nanos }: JsonObject): string {
  const fraction = Number(nanos) === 0 ? "" : `.${String(nanos).padStart(9, "0")}`;
  return `${String(seconds)}${fraction}s`;
}

/** How many milliseconds a duration is. */
export function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * 1000;
}

function nanosOf(fraction: string): number {
  return Number(fraction.padEnd(9, "0"));
}

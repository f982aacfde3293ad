import type { Reading } from "../../src/model/reading.ts";

/** Facts by name, the unreadable ones by their reason in brackets; a call that was refused stands for its facts. */
export function told(readings: readonly Reading[]): Record<string, unknown> {
  return Object.fromEntries(
    readings.flatMap(({ call, answer, part }) =>
      answer.state === "seen"
        ? Object.entries(answer.facts).map(([name, fact]) => [
            part === null ? name : `${name}:${part}`,
            fact.state === "known" ? fact.value : `(${fact.reason})`,
          ])
        : [[part === null ? call : `${call}:${part}`, `(${answer.reason})`]],
    ),
  );
}

import { expect, it } from "vitest";
import { retryAfterOf } from "../../src/collect/retry-after.ts";

it.each([
  [{ "retry-after": "7" }, 7000],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "Sun, 01 Nov 2026 08:00:30 GMT", date: "Sun, 01 Nov 2026 08:00:00 GMT" }, 30_000],
  [{ "retry-after": "Sun, 01 Nov 2026 08:00:00 GMT", date: "Sun, 01 Nov 2026 08:00:30 GMT" }, 0],
  [{ "retry-after": "Sun, 01 Nov 2026 08:00:30 GMT" }, undefined],
  [{ "retry-after": "soon", date: "Sun, 01 Nov 2026 08:00:00 GMT" }, undefined],
  [{ "retry-after": "-5", date: "Sun, 01 Nov 2026 08:00:00 GMT" }, undefined],
  [{ "retry-after": "" }, undefined],
  [{ "retry-after": 7 }, undefined],
  [{}, undefined],
])("%j asks to wait for %s ms", (headers, expected) => {
  expect(retryAfterOf(headers)).toBe(expected);
});

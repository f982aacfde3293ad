import { expect, it } from "vitest";
import { acceptedMedia } from "../../src/http/accepted-media.ts";

const offered = ["application/json", "text/csv", "application/x-ndjson"] as const;

it.each([
  [undefined, "application/json"],
  ["", "application/json"],
  [" , ", "application/json"],
  ["*/*", "application/json"],
  ["text/html,application/xhtml+xml,*/*;q=0.8", "application/json"],
  ["text/csv", "text/csv"],
  ["TEXT/CSV;charset=utf-8", "text/csv"],
  ["text/*", "text/csv"],
  ["text/csv, application/json", "application/json"],
  ["text/csv, application/json;q=0.9", "text/csv"],
  ["text/csv;q=0.2, application/json;q=0.1", "text/csv"],
  ["text/csv ; q=1 , */*;q=0.1", "text/csv"],
  ["application/json;q=0, */*", "text/csv"],
  ["application/*;q=0, text/*;q=0, application/x-ndjson", "application/x-ndjson"],
  ["*/*;q=0.1, application/*;q=0", "text/csv"],
  ["application/json;q=0", undefined],
  ["application/xml", undefined],
  ["*", undefined],
  ["json", undefined],
  ["text/csv;q=0", undefined],
  ["text/csv;q=much", undefined],
  ["application/json;q=much, text/csv;q=0.5", "text/csv"],
] as const)("Accept %j gets %j", (accept, expected) => {
  expect(acceptedMedia(accept, offered)).toBe(expected);
});

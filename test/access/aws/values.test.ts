import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverageOf, cutRange, parseRange, rangeHolds, rangeText } from "../../../src/access/addresses.ts";
import { globCovers, globMatches, globOf, globsIntersect } from "../../../src/access/aws/glob.ts";
import { formatDate, parseDate } from "../../../src/access/dates.ts";

const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 });
const texts = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 6 });

describe("glob", () => {
  it("matches like the regular expression it stands for", () => {
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(globMatches(globOf(pattern), text)).toBe(expression.test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("intersects where some text matches both", () => {
    fc.assert(
      fc.property(letters, letters, texts, (a, b, text) => {
        const both = globMatches(globOf(a), text) && globMatches(globOf(b), text);
        if (both) expect(globsIntersect(globOf(a), globOf(b))).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(globsIntersect(globOf("arn:*:role/x"), globOf("arn:aws:*:user/?"))).toBe(false);
    expect(globsIntersect(globOf("a?"), globOf("a"))).toBe(false);
    expect(globsIntersect(globOf("ab*"), globOf("?b"))).toBe(true);
  });

  it("covers only what it matches", () => {
    fc.assert(
      fc.property(letters, letters, texts, (outer, inner, text) => {
        if (globCovers(globOf(outer), globOf(inner)) && globMatches(globOf(inner), text)) {
          expect(globMatches(globOf(outer), text)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
    expect(globCovers(globOf("*"), globOf("a?*"))).toBe(true);
    expect(globCovers(globOf("a*"), globOf("*"))).toBe(false);
    expect(globCovers(globOf("?"), globOf("*"))).toBe(false);
  });
});

describe("addresses", () => {
  it.each([
    ["160.79.104.0/21", "160.79.104.0-160.79.111.255"],
    ["160.79.104.77/21", "160.79.104.0-160.79.111.255"],
    ["10.0.0.1", "10.0.0.1"],
    ["0.0.0.0/0", "0.0.0.0-255.255.255.255"],
    ["2001:db8::/126", "2001:db8:0:0:0:0:0:0-2001:db8:0:0:0:0:0:3"],
    ["::ffff:192.0.2.1", "0:0:0:0:0:ffff:c000:201"],
    ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
    ["1::", "1:0:0:0:0:0:0:0"],
  ])("reads %s", (text, expected) => {
    const range = parseRange(text);
    expect(range && rangeText(range)).toBe(expected);
  });

  it.each([
    "",
    "10.0.0",
    "10.0.0.256",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "10.0.0.0/-1",
    "::1::",
    "1:2:3",
    "g::",
    "::/129",
    "<ip>",
  ])("refuses %s", (text) => expect(parseRange(text)).toBeUndefined());

  it("cuts a range into pieces that add up to it", () => {
    const ranges = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 20, max: 32 }))
      .map(([byte, prefix]) => parseRange(`160.79.104.${byte}/${prefix}`) ?? fail());
    fc.assert(
      fc.property(ranges, fc.array(ranges, { maxLength: 5 }), (whole, edges) => {
        const pieces = cutRange(whole, edges);
        expect(pieces.reduce((sum, { first, last }) => sum + last - first + 1n, 0n)).toBe(
          whole.last - whole.first + 1n,
        );
        for (const piece of pieces) {
          for (const edge of edges) {
            const apart = edge.last < piece.first || piece.last < edge.first;
            expect(rangeHolds(edge, piece) || apart).toBe(true);
          }
        }
      }),
    );
  });

  it.each([
    [["0.0.0.0/0"], "all"],
    [["0.0.0.0/1", "128.0.0.0/1"], "all"],
    [["0.0.0.0/1"], "half"],
    [["0.0.0.0/2", "64.0.0.0/2", "0.0.0.0/3"], "half"],
    [["0.0.0.0/2", "64.0.0.0/3"], "less"],
    [["::/0"], "all"],
    [["2000::/4"], "half"],
    [["160.79.104.0/21", "2001:db8::/32"], "less"],
    [[], "less"],
  ])("knows how much of the Internet %j covers", (ranges, expected) => {
    expect(coverageOf(ranges.map((text) => parseRange(text) ?? fail()))).toBe(expected);
  });
});

describe("dates", () => {
  it("reads and writes like Date", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true }),
        (date) => {
          expect(parseDate(date.toISOString())).toBe(date.getTime());
          expect(formatDate(date.getTime())).toBe(`${date.toISOString().slice(0, 19)}Z`);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["2026", Date.UTC(2026, 0, 1)],
    ["2026-09", Date.UTC(2026, 8, 1)],
    ["2026-09-30", Date.UTC(2026, 8, 30)],
    ["2026-09-30T10:20Z", Date.UTC(2026, 8, 30, 10, 20)],
    ["2026-09-30T10:20:30", Date.UTC(2026, 8, 30, 10, 20, 30)],
    ["2026-09-30T10:20:30+02:00", Date.UTC(2026, 8, 30, 8, 20, 30)],
    ["2026-09-30T10:20:30.5-0130", Date.UTC(2026, 8, 30, 11, 50, 30, 500)],
    ["1790000000", 1_790_000_000_000],
  ])("reads %s", (text, expected) => expect(parseDate(text)).toBe(expected));

  it.each(["", "soon", "2026-13-01", "2026-02-29", "2026-09-31", "2026-09-30T25:00Z", "26-09-30", "<date>"])(
    "refuses %s",
    (text) => expect(parseDate(text)).toBeUndefined(),
  );
});

function fail(): never {
  throw new Error("no range");
}

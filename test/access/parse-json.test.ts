import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonNode, parseJson } from "../../src/access/parse-json.ts";

const broken: readonly [name: string, text: string, message: RegExp, line: number, column: number][] = [
  ["nothing", "", /ends too early/, 1, 1],
  ["an unclosed object", '{"a": 1', /"," or "}"/, 1, 8],
  ["a comma before the end", '{"a": 1,}', /key in double quotes/, 1, 9],
  ["a missing colon", '{"a" 1}', /":" is missing/, 1, 6],
  ["a word that is none", '{\n  "a": True\n}', /unexpected "T"/, 2, 8],
  ["single quotes", "{'a': 1}", /key in double quotes/, 1, 2],
  ["a bare line break in a text", '"a\nb"', /a string that does not end/, 1, 1],
  ["a bad escape", '"\\x"', /a string that does not end/, 1, 1],
  ["a number with a leading zero", "01", /text after the end/, 1, 2],
  ["text after the document", "{} x", /text after the end/, 1, 4],
  ["a comment", '{\n// no\n"a": 1}', /key in double quotes/, 2, 1],
  ["the same key twice", '{"a": 1,\n "b": 2,\n "a": 3}', /"a" stands twice/, 3, 2],
  ["the same key twice, once escaped", '{"a": 1, "\\u0061": 2}', /"a" stands twice/, 1, 10],
  ["levels without end", "[".repeat(100_000), /more than 100 levels/, 1, 102],
];

describe("parseJson", () => {
  it.each(broken)("refuses %s", (_, text, message, line, column) => {
    const parsed = parseJson(text);
    expect(parsed).toMatchObject({ ok: false, error: { line, column } });
    expect(!parsed.ok && parsed.error.message).toMatch(message);
  });

  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const parsed = parseJson(text);
        expect(parsed.ok && plain(parsed.value)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("puts a whole character in the place of half a surrogate pair: many who read our answers refuse all of one with it", () => {
    expect(parseJson('"a\\ud800b \\ud83d\\ude00"')).toMatchObject({
      ok: true,
      value: { value: "a\ufffdb \ud83d\ude00" },
    });
  });

  it("refuses whatever JSON.parse refuses", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, insert) => {
        const cut = at % (json.length + 1);
        const text = json.slice(0, cut) + insert + json.slice(cut + 1);
        if (parseJson(text).ok) expect(() => JSON.parse(text)).not.toThrow();
      }),
    );
  });
});

function plain(node: JsonNode): unknown {
  if (node.kind === "object") return Object.fromEntries(node.members.map(({ key, value }) => [key, plain(value)]));
  if (node.kind === "array") return node.items.map(plain);
  if (node.kind === "number") return Number(node.value);
  return node.kind === "null" ? null : node.value;
}

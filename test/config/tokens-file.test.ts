import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseTokensFile, readTokensFile } from "../../src/config/tokens-file.ts";

const hash = "0123456789abcdef".repeat(4);
const other = "fedcba9876543210".repeat(4);

function mistakes(text: string): readonly string[] {
  const parsed = parseTokensFile(text, "t.yaml");
  return parsed.ok ? [] : parsed.error.errors.map(({ detail }) => detail);
}

describe("a file of tokens", () => {
  it("names who may ask", () => {
    const text = `
- name: prometheus
  role: viewer
  sha256: ${hash}
- {name: ci, role: operator, sha256: ${other.toUpperCase()}, expires: 2027-01-31}
`;
    const unsaid = { source: "file", created_at: null, revoked_at: null, last_used_at: null };
    expect(parseTokensFile(text, "t.yaml")).toEqual({
      ok: true,
      tokens: [
        { id: "file:prometheus", name: "prometheus", role: "viewer", sha256: hash, expires_at: null, ...unsaid },
        { id: "file:ci", name: "ci", role: "operator", sha256: other, expires_at: Date.UTC(2027, 0, 31), ...unsaid },
      ],
    });
  });

  it("may name nobody, and says so", () => {
    expect(parseTokensFile("[]", "t.yaml")).toEqual({ ok: true, tokens: [] });
  });

  it.each([
    ["", "t.yaml:1:1: expected a list of tokens"],
    ["name: a", "t.yaml:1:1: expected a list of tokens"],
    ["- [", "t.yaml:1:4: not YAML"],
    ["- a", "t.yaml:1:3: [0]: expected a mapping with name, role and sha256"],
    [`- {name: a b, role: viewer, sha256: ${hash}}`, "t.yaml:1:10: [0].name: expected 1 to 63 letters"],
    [`- {name: 7, role: viewer, sha256: ${hash}}`, "[0].name: expected 1 to 63 letters"],
    [`- {name: a, role: root, sha256: ${hash}}`, "[0].role: expected one of viewer, operator, admin"],
    ["- {name: a, role: viewer}", "[0].sha256: expected the SHA-256 of a token, 64 hexadecimal digits"],
    [`- {name: a, role: viewer, sha256: ${hash}0}`, "[0].sha256: expected the SHA-256"],
    [`- {name: a, role: viewer, sha256: ${hash}, expires: 90d}`, "[0].expires: expected a date"],
    [`- {name: a, role: viewer, sha256: ${hash}, expires: 2027-02-30}`, "[0].expires: expected a date"],
    [
      `- {name: a, role: viewer, sha256: ${hash}, expire: 2027-01-31}`,
      "t.yaml:1:101: [0]: unknown name; known here: name, role, sha256, expires",
    ],
    [
      `- {name: a, role: viewer, sha256: ${hash}}\n- {name: a, role: admin, sha256: ${other}}`,
      "t.yaml:2:10: [1].name: expected a name of its own, got that of [0]",
    ],
    [
      `- {name: a, role: viewer, sha256: ${hash}}\n- {name: b, role: admin, sha256: ${hash.toUpperCase()}}`,
      "[1].sha256: expected a sha256 of its own, got that of [0]",
    ],
  ])("with a mistake is refused: %j", (text, said) => {
    expect(mistakes(text)).toEqual([expect.stringContaining(said)]);
  });

  it("tells all mistakes", () => {
    expect(mistakes("- {name: a}\n- {role: viewer, x: 1}")).toHaveLength(5);
  });

  it("is never quoted, wherever somebody puts a token or a password", () => {
    const secret = "hunter2hunter2";
    const places = [
      (text: string) => text,
      (text: string) => `- ${text}`,
      (text: string) => `- ${text}: admin`,
      (text: string) => `- {name: ${text}/, role: admin, sha256: ${hash}}`,
      (text: string) => `- {name: a, role: ${text}, sha256: ${hash}}`,
      (text: string) => `- {name: a, role: admin, sha256: ${text}}`,
      (text: string) => `- {name: a, role: admin, sha256: ${hash}, expires: ${text}}`,
      (text: string) => `- {name: a, role: admin, sha256: ${hash}, token: ${text}}`,
      (text: string) => `- {name: a, role: !${text} admin, sha256: ${hash}}`,
      (text: string) => `- {name: a, role: *${text}, sha256: ${hash}}`,
      (text: string) => `- {${text}: 1, ${text}: 2}`,
      (text: string) => `- "${text}`,
    ];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom("", "\n- 7", "\n  x: ["), (place, more) => {
        const parsed = parseTokensFile(place(secret) + more, "t.yaml");
        expect(parsed.ok).toBe(false);
        expect(JSON.stringify(parsed) + String(!parsed.ok && parsed.error.stack)).not.toContain(secret);
      }),
    );
  });
});

describe("readTokensFile", () => {
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), "keyposture-tokens-"));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  };

  it("reads what is there now", async () => {
    const path = join(folder(), "tokens.yaml");
    writeFileSync(path, "[]");
    expect(await readTokensFile(path)).toEqual({ ok: true, tokens: [] });
    writeFileSync(path, `[{name: a, role: viewer, sha256: ${hash}}]`);
    expect(await readTokensFile(path)).toMatchObject({ ok: true, tokens: [{ name: "a" }] });
  });

  it("says why it cannot", async () => {
    const path = folder();
    const gone = { code: "config-unreadable", detail: expect.stringContaining("server.tokens_file") };
    expect(await readTokensFile(join(path, "nothing"))).toMatchObject({ ok: false, error: gone });
    expect(await readTokensFile(path)).toMatchObject({ ok: false, error: { code: "config-unreadable" } });
    writeFileSync(join(path, "bytes"), Buffer.from([0xff, 0xfe, 0x00]));
    expect(await readTokensFile(join(path, "bytes"))).toMatchObject({
      ok: false,
      error: { code: "config-unreadable" },
    });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyNamePattern } from "../../src/config/key-name.ts";
import { parseKeyResource } from "../../src/config/key-resource.ts";

const ring = "projects/acme-prod/locations/us-central1/keyRings/anthropic";
const key = `${ring}/cryptoKeys/workspace`;

describe("parseKeyResource, of a key in Google Cloud", () => {
  it.each([
    [key, "acme-prod", "us-central1", "workspace"],
    ["projects/123456789012/locations/us/keyRings/r/cryptoKeys/k", "123456789012", "us", "k"],
    [
      "projects/example.com:acme-prod/locations/global/keyRings/R_1/cryptoKeys/K-2",
      "example.com:acme-prod",
      "global",
      "K-2",
    ],
    [`${ring}/cryptoKeys/_hidden`, "acme-prod", "us-central1", "hidden"],
    [`${ring}/cryptoKeys/--`, "acme-prod", "us-central1", "key"],
  ])("reads %s", (text, project, location, name) => {
    expect(parseKeyResource(text)).toEqual({
      ok: true,
      default_name: name,
      resource: {
        provider: "gcp",
        kind: "gcp.kms-key",
        resource: text,
        scope: `projects/${project}`,
        account: project,
        location,
      },
    });
  });

  it.each([
    [
      "a version",
      `${key}/cryptoKeyVersions/3`,
      `it names version 3 of a key, and all versions are watched; give the key itself: ${key}`,
    ],
    ["a full resource name", `//cloudkms.googleapis.com/${key}`, `leave out what comes first: ${key}`],
    ["an address", `https://cloudkms.googleapis.com/v1/${key}`, `leave out what comes first: ${key}`],
    ["an address of Tink", `gcp-kms://${key}`, `leave out what comes first: ${key}`],
    ["a slash before it", `/${key}`, `give it without: ${key}`],
    ["a key ring", ring, "it ends before its cryptoKeys"],
    ["a project", "projects/acme-prod", "it ends before its locations"],
    ["an unfinished name", "projects/", "it ends before its locations"],
    [
      "other capitals",
      key.replace("keyRings", "keyrings"),
      'it has "keyrings" where "keyRings" belongs; capitals count',
    ],
    ["another collection", key.replace("keyRings", "secrets"), 'it has "secrets" where "keyRings" belongs; expected'],
    ["something after the key", `${key}/x`, 'it goes on after the key, with "x"'],
    ["a slash at the end", `${key}/`, 'it goes on after the key, with ""'],
    ["a project in capitals", key.replace("acme-prod", "Acme-Prod"), "Google writes project ids in lower case"],
    ["a placeholder", key.replace("acme-prod", "<project>"), 'its project is "<project>"'],
    ["a project that is too short", key.replace("acme-prod", "acme"), 'its project is "acme"'],
    ["no location", key.replace("us-central1", ""), 'its location is ""'],
    ["a ring with a dot", key.replace("anthropic", "a.b"), 'its key ring is "a.b"'],
    ["a key of 64 characters", `${ring}/cryptoKeys/${"k".repeat(64)}`, "1 to 63 letters"],
  ])("says what is wrong with %s", (_, text, detail) => {
    expect(parseKeyResource(text)).toEqual({
      ok: false,
      detail: expect.stringContaining(detail),
    });
  });

  it("proposes a name that a key can have, whatever the key is called", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,63}$/), (name) => {
        const parsed = parseKeyResource(`${ring}/cryptoKeys/${name}`);
        expect(parsed.ok && keyNamePattern.test(parsed.default_name)).toBe(true);
      }),
    );
  });

  it("answers any text after the project", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof parseKeyResource(`projects/${text}`).ok).toBe("boolean");
      }),
    );
  });
});

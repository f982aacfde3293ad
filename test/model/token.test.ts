import { describe, expect, it } from "vitest";
import { includesRole, roles, stateOfToken, type Token, withoutTokens } from "../../src/model/token.ts";

const secret = "A_b-".repeat(10) + "xyz";
const text = `kp_abcdefgh2345_${secret}`;

describe("withoutTokens leaves out the secret of a token", () => {
  it.each([
    [text, "kp_abcdefgh2345_[redacted]"],
    [`a "${text}", b`, 'a "kp_abcdefgh2345_[redacted]", b'],
    [`${text} ${text}`, "kp_abcdefgh2345_[redacted] kp_abcdefgh2345_[redacted]"],
    ["kp_abcdefgh2345_abc…", "kp_abcdefgh2345_[redacted]…"],
    [`x${text}`, "xkp_abcdefgh2345_[redacted]"],
    [text.replaceAll("_", "%5F"), "kp_abcdefgh2345_[redacted]"],
    [text.replaceAll("_", "%5f"), "kp_abcdefgh2345_[redacted]"],
    [text.toUpperCase(), "kp_ABCDEFGH2345_[redacted]"],
  ])("in %s", (given, shown) => {
    expect(withoutTokens(given)).toBe(shown);
  });

  it.each(["", "kp_", "kp_abc_def", "keyposture", "skp_abcdefgh234", "kp_abcdefgh234_x"])(
    "and nothing in %j",
    (given) => {
      expect(withoutTokens(given)).toBe(given);
    },
  );
});

it("a role includes itself and those before it", () => {
  const included = roles.map((role) => roles.filter((needed) => includesRole(role, needed)));
  expect(included).toEqual([["viewer"], ["viewer", "operator"], ["viewer", "operator", "admin"]]);
});

it.each([
  [{ expires_at: null, revoked_at: null }, "live"],
  [{ expires_at: 11, revoked_at: null }, "live"],
  [{ expires_at: 10, revoked_at: null }, "expired"],
  [{ expires_at: 9, revoked_at: null }, "expired"],
  [{ expires_at: null, revoked_at: 9 }, "revoked"],
  [{ expires_at: 9, revoked_at: 8 }, "revoked"],
] as const)("a token with %o is %s at 10", (change, state) => {
  const token: Token = {
    id: "a",
    name: "a",
    role: "viewer",
    source: "database",
    created_at: 0,
    last_used_at: null,
    ...change,
  };
  expect(stateOfToken(token, 10)).toBe(state);
});

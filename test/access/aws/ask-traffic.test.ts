import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContextChoice, EncryptionContext } from "../../../src/access/aws/anthropic-requests.ts";
import { type Answer, askTraffic } from "../../../src/access/aws/ask-traffic.ts";

const [org, compartment] = ["anthropic:org_uuid", "anthropic:compartment_uuid"] as const;
const of = (source: ContextChoice["source"], ...values: readonly string[]) =>
  values.map((value): ContextChoice => ({ value, source }));
const registered = (...values: readonly string[]) => of("registration", ...values);

/** Allows exactly these pairs of organization and compartment. */
const only =
  (...pairs: readonly (readonly [string | undefined, string | undefined])[]) =>
  (_: string, context: EncryptionContext): Answer => ({
    decision: pairs.some(([o, c]) => context[org] === o && context[compartment] === c) ? "allowed" : "denied",
    on: [],
  });

describe("askTraffic", () => {
  it("wants every registered value in some combination, since nobody says which belong together", () => {
    const traffic = { organizations: registered("o1", "o2"), compartments: registered("c1", "c2") };
    const refusedBy = (...pairs: readonly (readonly [string, string])[]) =>
      askTraffic(traffic, ["kms:Encrypt"], only(...pairs)).refused.map(({ encryption_context }) => encryption_context);
    expect(refusedBy(["o1", "c1"], ["o2", "c2"])).toEqual([]);
    expect(refusedBy(["o1", "c1"], ["o1", "c2"])).toEqual([{ [org]: "o2", [compartment]: "c1" }]);
    expect(refusedBy(["o1", "c1"])).toEqual([
      { [org]: "o2", [compartment]: "c1" },
      { [org]: "o1", [compartment]: "c2" },
    ]);
  });

  it("takes on trust what only the policy says, and only where it has to", () => {
    const compartments = [...of("nobody", "n"), ...of("policy", "c1", "c2")];
    const ask = (...pairs: readonly (readonly [undefined, string])[]) =>
      askTraffic({ organizations: null, compartments }, ["kms:Decrypt"], only(...pairs));
    expect(ask([undefined, "c1"])).toEqual({ refused: [], open: [], assumed: { [compartment]: ["c1"] } });
    expect(ask([undefined, "c1"], [undefined, "c2"]).assumed).toEqual({ [compartment]: ["c1", "c2"] });
    expect(ask([undefined, "c1"], [undefined, "n"]).assumed).toEqual({});
    // What nobody wrote tells nothing: the refusal of a listed value does.
    expect(ask().refused.map(({ encryption_context }) => encryption_context)).toEqual([{ [compartment]: "c1" }]);
  });

  it("does not take a pattern's form for the customer's value", () => {
    const compartments = [...of("nobody", "n"), ...of("pattern", "p")];
    expect(askTraffic({ organizations: null, compartments }, ["kms:Decrypt"], only([undefined, "p"]))).toEqual({
      refused: [],
      open: [`kms:EncryptionContext:${compartment}`],
      assumed: {},
    });
  });

  it("is open where one of the operations is, and refused where one of them is", () => {
    const answers = (encrypt: Answer, decrypt: Answer) =>
      askTraffic({ organizations: null, compartments: null }, ["kms:Encrypt", "kms:Decrypt"], (operation) =>
        operation === "kms:Encrypt" ? encrypt : decrypt,
      );
    const [yes, no] = [
      { decision: "allowed", on: [] },
      { decision: "denied", on: [] },
    ] as const;
    const maybe = { decision: "conditional", on: ["b", "a"] } as const;
    expect(answers(yes, yes)).toEqual({ refused: [], open: [], assumed: {} });
    expect(answers(yes, maybe).open).toEqual(["a", "b"]);
    expect(answers(maybe, no)).toMatchObject({
      refused: [{ operation: "kms:Decrypt", encryption_context: {} }],
      open: [],
    });
  });

  it("refuses nothing where all is allowed, and something where all is denied", () => {
    const choices = fc.option(
      fc.array(fc.record({ value: fc.uuid(), source: fc.constantFrom("registration", "policy", "nobody") }), {
        minLength: 1,
        maxLength: 4,
      }),
    );
    fc.assert(
      fc.property(choices, choices, (organizations, compartments) => {
        const all = (decision: Answer["decision"]) =>
          askTraffic({ organizations, compartments }, ["kms:Encrypt"], () => ({ decision, on: ["x"] }));
        expect(all("allowed")).toMatchObject({ refused: [], open: [] });
        expect(all("conditional")).toMatchObject({ refused: [], open: ["x"] });
        expect(all("denied").refused.length).toBeGreaterThan(0);
        expect(all("denied").assumed).toEqual({});
      }),
    );
  });
});

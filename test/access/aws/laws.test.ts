import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayBeAllowed } from "../../../src/access/aws/policy-access.ts";
import type { AwsAccessDecision, AwsAccessRequest, AwsContextValue } from "../../../src/model/aws-access.ts";
import {
  arbitraryCondition,
  arbitraryOpenCondition,
  arbitraryParts,
  arbitraryPolicy,
  arbitraryRequest,
  openKeys,
  type PolicyCondition,
  type PolicyParts,
  statementOf,
} from "../../support/arbitrary-policy.ts";
import { accessTo, policyText, type Statement } from "../../support/ask-policy.ts";

const runs = { numRuns: 400 };
const rank = { denied: 0, conditional: 1, allowed: 2 };

function decide(statements: readonly Statement[], request: AwsAccessRequest): AwsAccessDecision {
  return accessTo(policyText(statements)).decide(request);
}

function level(statements: readonly Statement[], request: AwsAccessRequest): number {
  return rank[decide(statements, request).decision];
}

/** What must not depend on how a policy is written. */
function meaning(statements: readonly Statement[], request: AwsAccessRequest): unknown {
  const { decision, on } = decide(statements, request);
  return { decision, on: on.map((name) => name.toLowerCase()) };
}

describe("laws of a policy", () => {
  it("the stock of policies gives every answer", () => {
    const seen = { allowed: 0, denied: 0, conditional: 0 };
    for (const [policy, request] of fc.sample(fc.tuple(arbitraryPolicy, arbitraryRequest), {
      numRuns: 2000,
      seed: 7,
    })) {
      seen[decide(policy.map(statementOf), request).decision] += 1;
    }
    expect(Math.min(seen.allowed, seen.denied, seen.conditional)).toBeGreaterThan(100);
  });

  it("another Deny never allows more", () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryParts(fc.constant("Deny")), arbitraryRequest, (policy, denial, request) => {
        const statements = policy.map(statementOf);
        expect(level([...statements, statementOf(denial)], request)).toBeLessThanOrEqual(level(statements, request));
      }),
      runs,
    );
  });

  it("another Allow never allows less", () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryParts(fc.constant("Allow")), arbitraryRequest, (policy, more, request) => {
        const statements = policy.map(statementOf);
        expect(level([...statements, statementOf(more)], request)).toBeGreaterThanOrEqual(level(statements, request));
      }),
      runs,
    );
  });

  it("an Allow without a condition that it had never allows less, a Deny never more", () => {
    fc.assert(
      fc.property(
        arbitraryPolicy,
        arbitraryParts(),
        arbitraryCondition,
        arbitraryRequest,
        (policy, parts, condition, request) => {
          const twice = ({ operator, key }: PolicyCondition) =>
            operator === condition.operator && key === condition.key;
          fc.pre(!parts.conditions.some(twice));
          const rest = policy.map(statementOf);
          const narrow = level(
            [...rest, statementOf({ ...parts, conditions: [...parts.conditions, condition] })],
            request,
          );
          const wide = level([...rest, statementOf(parts)], request);
          if (parts.statement["Effect"] === "Allow") expect(wide).toBeGreaterThanOrEqual(narrow);
          else expect(wide).toBeLessThanOrEqual(narrow);
        },
      ),
      runs,
    );
  });

  it("neither the order of statements, nor of list members, nor of JSON keys matters", () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryRequest, (policy, request) => {
        const statements = policy.map(statementOf);
        const turned = reversed(statements) as readonly Statement[];
        expect(meaning(turned, request)).toEqual(meaning(statements, request));
        expect(decide(turned, request).refused_addresses).toBe(decide(statements, request).refused_addresses);
      }),
      runs,
    );
  });

  it("a statement may be split by its actions and by its principals", () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryRequest, (policy, request) => {
        const whole = policy.map(statementOf);
        expect(level(policy.flatMap(splitByAction).map(statementOf), request)).toBe(level(whole, request));
        expect(level(policy.flatMap(splitByPrincipal).map(statementOf), request)).toBe(level(whole, request));
      }),
      runs,
    );
  });

  it("saying a statement twice changes nothing", () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryRequest, (policy, request) => {
        const statements = policy.map(statementOf);
        expect(meaning([...statements, ...statements], request)).toEqual(meaning(statements, request));
      }),
      runs,
    );
  });
});

describe("laws of what is not known", () => {
  const arbitraryKnowledge = fc.record(
    Object.fromEntries(Object.entries(openKeys).map(([key, values]) => [key.toLowerCase(), contextValue(values)])),
  );

  it("a sure answer stays the same whatever becomes known", () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryRequest, arbitraryKnowledge, (policy, request, knowledge) => {
        const statements = policy.map(statementOf);
        const before = decide(statements, request);
        const after = decide(statements, withKnowledge(request, knowledge));
        if (before.decision !== "conditional") expect(after.decision).toBe(before.decision);
      }),
      runs,
    );
  });

  it("an answer is sure once all that it is conditional on is known", () => {
    const openPolicy = fc.array(arbitraryParts(undefined, arbitraryOpenCondition), { minLength: 1, maxLength: 5 });
    let open = 0;
    fc.assert(
      fc.property(openPolicy, arbitraryRequest, arbitraryKnowledge, (policy, request, knowledge) => {
        const statements = policy.map(statementOf);
        const names = decide(statements, request).on.map((name) => name.toLowerCase());
        const asked = Object.entries(knowledge).filter(([name]) => names.includes(name));
        if (names.length === 0 || asked.length < names.length) return;
        open += 1;
        const told = withKnowledge(request, Object.fromEntries(asked));
        expect(decide(statements, told).decision).not.toBe("conditional");
      }),
      { numRuns: 1000 },
    );
    expect(open).toBeGreaterThan(100);
  });

  it("names what is open exactly where the answer is open", () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryRequest, (policy, request) => {
        const { decision, on, by } = decide(policy.map(statementOf), request);
        expect(on.length > 0).toBe(decision === "conditional");
        if (decision !== "denied") expect(by).not.toBeNull();
      }),
      runs,
    );
  });

  it("refuses some addresses only where it allows others", () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryRequest, (policy, request) => {
        const statements = policy.map(statementOf);
        const { addresses } = request.caller;
        if (typeof addresses === "string") return;
        const halves = ["160.79.104.0/23", "160.79.106.0/23", "160.79.108.0/22"].map((range) =>
          decide(statements, { ...request, caller: { ...request.caller, addresses: [range] } }),
        );
        const whole = decide(statements, request);
        expect(rank[whole.decision]).toBe(Math.min(...halves.map(({ decision }) => rank[decision])));
        expect(mayBeAllowed(whole)).toBe(halves.some(mayBeAllowed));
      }),
      runs,
    );
  });

  it("the trace agrees with the decision", () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryRequest, (policy, request) => {
        const access = accessTo(policyText(policy.map(statementOf)));
        const results = (effect: string) =>
          access
            .trace(request)
            .filter(({ statement }) => statement.effect === effect)
            .map(({ result }) => result);
        const [denials, allows] = [results("Deny"), results("Allow")];
        const allowed = allows.includes("true") ? 2 : allows.includes("unknown") ? 1 : 0;
        const denied = denials.includes("true") ? 0 : denials.includes("unknown") ? 1 : 2;
        expect(rank[access.decide(request).decision]).toBe(Math.min(allowed, denied));
      }),
      runs,
    );
  });
});

function contextValue(values: readonly string[]): fc.Arbitrary<AwsContextValue> {
  return fc.oneof(
    fc.constant<AwsContextValue>({ state: "absent" }),
    fc.constantFrom(...values).map((value): AwsContextValue => ({ state: "present", values: [value] })),
  );
}

function withKnowledge(
  request: AwsAccessRequest,
  knowledge: Readonly<Record<string, AwsContextValue>>,
): AwsAccessRequest {
  return { ...request, caller: { ...request.caller, context: { ...request.caller.context, ...knowledge } } };
}

/** The same document with every list and every object turned round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).toReversed();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, reversed(member)])
      .toReversed(),
  );
}

function splitByAction(parts: PolicyParts): readonly PolicyParts[] {
  const { Action: actions, ...rest } = parts.statement;
  if (!Array.isArray(actions)) return [parts];
  return actions.map((action) => ({ ...parts, statement: { ...rest, Action: action } }));
}

function splitByPrincipal(parts: PolicyParts): readonly PolicyParts[] {
  const { Principal: principals, ...rest } = parts.statement;
  if (typeof principals !== "object" || principals === null) return [parts];
  return Object.entries(principals).flatMap(([type, entries]) =>
    (entries as readonly string[]).map((entry) => ({ ...parts, statement: { ...rest, Principal: { [type]: entry } } })),
  );
}

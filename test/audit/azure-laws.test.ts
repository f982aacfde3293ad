import { describe, expect, it } from "vitest";
import { catalogue } from "../../checks/index.ts";
import { judge } from "../../src/audit/judge.ts";
import type { SnapshotDocument } from "../../src/audit/snapshot-document.ts";
import { type Fact, type FactsByName, known } from "../../src/model/fact.ts";
import type { Json } from "../../src/model/json.ts";
import { azureGoldenSnapshots } from "../../tools/golden/azure-golden-snapshots.ts";
import { testSettings } from "../support/check-tester.ts";

/** Of each check what must not move where nothing has changed. */
function heldOf({ key, guidance, at, reads }: SnapshotDocument, facts: FactsByName) {
  const rules = { catalogue, version: "test", guidance, settings: testSettings, reads };
  const { outcomes } = judge(rules, key, facts, guidance, at);
  return outcomes.map(({ check, outcome, severity, evidence }) => ({ check, outcome, severity, evidence }));
}

function changed(facts: FactsByName, change: (name: string, value: Json) => Json): FactsByName {
  const of = (name: string, fact: Fact<Json>) => (fact.state === "known" ? known(change(name, fact.value)) : fact);
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, of(name, fact as Fact<Json>)]));
}

/** The collector tells versions from the oldest on. */
const inOrder = ["registration", "versions"];

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed).toReversed();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, reversed(one)]));
}

/** What Azure Resource Manager tells of who is assigned and denied what. */
const withIds = ["assignments", "principal_assignments", "deny_assignments", "assignment_schedules"];
const ids = ["id", "scope", "principal_id", "role_definition_id", "assignment_id"];

function inCapitals(value: Json): Json {
  if (Array.isArray(value)) return value.map(inCapitals);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      typeof one === "string" && ids.includes(name) ? one.toUpperCase() : inCapitals(one),
    ]),
  );
}

describe.each(azureGoldenSnapshots.map((snapshot) => [snapshot.key.name, snapshot] as const))("%s", (_, snapshot) => {
  const held = heldOf(snapshot, snapshot.facts);

  it("is judged alike in whatever order Azure lists", () => {
    const facts = changed(snapshot.facts, (name, value) => (inOrder.includes(name) ? value : reversed(value)));
    expect(heldOf(snapshot, facts)).toEqual(held);
  });

  it("is judged alike in whatever case Azure writes ids", () => {
    const facts = changed(snapshot.facts, (name, value) => (withIds.includes(name) ? inCapitals(value) : value));
    expect(heldOf(snapshot, facts)).toEqual(held);
  });
});

/** Keys of a large organization, written through the store as a scan writes them. */
import { catalogue } from "../../checks/index.ts";
import { known } from "../../src/model/fact.ts";
import type { Json } from "../../src/model/json.ts";
import type { Outcome, OutcomeName } from "../../src/model/outcome.ts";
import type { Reading } from "../../src/model/reading.ts";
import type { KeyToRegister, Store, StoreWriter } from "../../src/store/store.ts";

export const lanes = { fast: 60_000, full: 900_000 } as const;
const keysOfScope = 250;
const keysOfTransaction = 50;
const checksOfKey = catalogue.filter(({ resource }) => resource === "aws.kms-key");

export async function fillStore(store: Store, keys: number): Promise<void> {
  for (let first = 0; first < keys; first += keysOfTransaction) {
    await store.write(async (tx) => {
      for (let index = first; index < Math.min(keys, first + keysOfTransaction); index += 1) {
        const key = keyNumber(index);
        await tx.registerKey(key, Date.now());
        await concludeKey(tx, index, 0);
      }
    });
  }
}

/** A scan of the key in its `round`-th form: between two forms the key's state and three conclusions differ. */
export async function concludeKey(tx: StoreWriter, index: number, round: number): Promise<void> {
  const { name, resource } = keyNumber(index);
  const at = Date.now();
  const state = (index + round) % 50 === 0 ? "Disabled" : "Enabled";
  const subject = { kind: "key", provider: "aws", resource } as const;
  await tx.saveReadings(subject, readingsOf(index, state, at), lanes);
  const outcomes = checksOfKey.map(({ id, severity }, number): Outcome => {
    const outcome = outcomeNumber(index + number + (number < 3 ? round : 0));
    return { check: id, severity, outcome, message: `${id}: ${outcome}`, evidence: { state: outcome } };
  });
  await tx.saveOutcomes(name, outcomes, { at, guidance: "2026-09", catalogue: "bench" });
}

/** Ten in a hundred do not apply, four fail, one cannot be judged. */
function outcomeNumber(number: number): OutcomeName {
  const place = (number * 37) % 100;
  if (place < 10) return "not-applicable";
  if (place < 14) return "fail";
  return place < 15 ? "unknown" : "pass";
}

function keyNumber(index: number): KeyToRegister {
  const account = String(111_122_220_000 + Math.floor(index / keysOfScope));
  const id = String(index).padStart(12, "0");
  return {
    name: `payments-${id.slice(-5)}`,
    provider: "aws",
    kind: "aws.kms-key",
    resource: `arn:aws:kms:us-east-2:${account}:key/1234abcd-12ab-34cd-56ef-${id}`,
    scope: `${account}/us-east-2`,
    account,
    location: "us-east-2",
    source: "api",
    registration: {
      compartments: [],
      organizations: ["3f2b1c9d-6b1e-4c58-9d53-2f1a0e7c4b6a"],
      expected_principals: [],
      in_use_since: null,
      role_arn: null,
      azure: null,
      guidance: null,
      labels: { team: `team-${index % 40}` },
    },
  };
}

function readingsOf(index: number, state: string, at: number): readonly Reading[] {
  const { resource, account } = keyNumber(index);
  const told = (call: string, facts: Readonly<Record<string, Json>>): Reading => {
    const values = Object.entries(facts).map(([name, value]) => [name, known(value)] as const);
    return { call, part: null, at, answer: { state: "seen", facts: Object.fromEntries(values) } };
  };
  const statement = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  return [
    told("kms:DescribeKey", {
      existence: "present",
      read_arn: resource,
      state,
      deletion_date: null,
      spec: "SYMMETRIC_DEFAULT",
      usage: "ENCRYPT_DECRYPT",
      manager: "CUSTOMER",
      origin: "AWS_KMS",
      material_expires: null,
      multi_region: false,
    }),
    told("kms:GetKeyPolicy", {
      policy_text: JSON.stringify({ Version: "2012-10-17", Id: index, Statement: [statement] }),
    }),
    told("kms:ListGrants", { grants: [] }),
    told("kms:GetKeyRotationStatus", { rotation: { enabled: true, period_days: 365 } }),
    told("kms:ListResourceTags", { tags: { team: `team-${index % 40}` } }),
  ];
}

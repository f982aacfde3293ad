/** What each kind of resource needs computed from its raw facts: one entry for each kind. */
import type { CheckSettings } from "../model/check-settings.ts";
import type { Fact } from "../model/fact.ts";
import type { KeyResource } from "../model/key.ts";
import type { KeyAccess } from "../model/key-access.ts";
import type { ResourceKind } from "../model/resource.ts";
import { correctedAwsFacts } from "./aws/corrected-facts.ts";
import { type DerivedAwsFact, deriveAwsKmsKeyFacts } from "./aws/derive.ts";
import { awsKeyAccess } from "./aws/key-access.ts";
import { awsKeyLifecycle } from "./aws/lifecycle.ts";
import { putPolicyCommand } from "./aws/put-policy-command.ts";
import type { KeyView } from "./key-view.ts";

type RawFacts = Readonly<Record<string, Fact<unknown>>>;

/** The derived facts of a resource. */
export const deriveFacts = {
  "aws.kms-key": deriveAwsKmsKeyFacts,
} satisfies Record<ResourceKind, (facts: RawFacts, key: KeyResource) => Readonly<Record<string, Fact<unknown>>>>;

/** What it takes to offer a corrected policy: the facts as they would be with it, and the command that puts it in place. */
export const policyCorrections = {
  "aws.kms-key": { factsWith: correctedAwsFacts, command: putPolicyCommand },
} satisfies Record<ResourceKind, PolicyCorrection>;

interface PolicyCorrection {
  /** Undefined where the provider would refuse that policy. `at` in epoch milliseconds. */
  readonly factsWith: (facts: RawFacts, key: KeyResource, policyText: string, at: number) => RawFacts | undefined;
  /** For a shell; `file` is where the policy's text is. */
  readonly command: (resource: string, file: string) => string;
}

/** Who can do what with a key, from its facts, raw and derived. */
export const keyAccess = {
  "aws.kms-key": awsKeyAccess,
} satisfies Record<ResourceKind, (facts: RawFacts, key: KeyResource, context: AccessContext) => KeyAccess>;

interface AccessContext {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly settings: CheckSettings;
}

/** What is told of a key in words that all providers share. */
export const keyViews = {
  "aws.kms-key": {
    reads: ["existence", "state", "spec", "origin"],
    lifecycle: awsKeyLifecycle,
    attributes: { key_spec: "spec", origin: "origin", protection_level: null },
  },
} satisfies Record<ResourceKind, KeyView>;

/** The raw facts that each derived one rests on. */
const derivedSources = {
  "aws.kms-key": {
    registered_key: ["registration"],
    policy: ["policy_text"],
    policy_access: ["policy_text"],
    grant_access: ["grants"],
    organization_policy_access: ["organization_policies", "reads"],
    trails: ["trail_list", "trail_status", "trail_selectors"],
  } satisfies Record<DerivedAwsFact, readonly string[]>,
} satisfies Record<ResourceKind, Readonly<Record<string, readonly string[]>>>;

/** The raw facts behind a fact: itself, where it is one. */
export function sourcesOf(kind: ResourceKind, fact: string): readonly string[] {
  const sources: Readonly<Record<string, readonly string[]>> = derivedSources[kind];
  return sources[fact] ?? [fact];
}

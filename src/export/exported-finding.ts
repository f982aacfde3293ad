/** What the writers of exports are given. They know neither where findings come from nor who asked. */
import { parseKeyResource } from "../config/key-resource.ts";
import type { CheckCard } from "../model/check-card.ts";
import type { FindingStatus } from "../model/finding.ts";
import type { Json } from "../model/json.ts";
import type { Key } from "../model/key.ts";
import type { OutcomeName, Severity } from "../model/outcome.ts";

/** A finding as the API tells it. Times are RFC 3339 in UTC. */
export interface FindingBody {
  readonly id: string;
  readonly check: string;
  readonly title: string | null;
  readonly provider: string;
  readonly key: string | null;
  readonly resource: { readonly kind: string; readonly name: string };
  readonly status: FindingStatus;
  readonly outcome: OutcomeName;
  readonly severity: Severity;
  readonly message: string;
  readonly evidence: Json;
  readonly caused_by: readonly string[];
  readonly guidance: string;
  readonly catalogue: string;
  readonly since: string;
  /** Where the outcome decides nothing: the last one that did. */
  readonly last_decided: DecidedBody | null;
  readonly opened_at: string | null;
  readonly resolved_at: string | null;
}

export interface DecidedBody {
  readonly outcome: OutcomeName;
  readonly severity: Severity;
  readonly message: string;
  readonly guidance: string;
  readonly since: string;
  readonly until: string | null;
}

/** Where a key is, and how people sort it. */
export interface ExportedKey {
  readonly account: string;
  /** Null where the provider's name of a key does not tell it. */
  readonly location: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ExportedFinding {
  readonly body: FindingBody;
  /** Null for a check that this version does not have. */
  readonly card: CheckCard | null;
  /** Null for a finding that is not about a key. */
  readonly key: ExportedKey | null;
}

/** Some findings at a time, in the order of the export. */
export type Portions = AsyncIterable<readonly ExportedFinding[]>;

export interface ExportContext {
  /** The version of the service. */
  readonly version: string;
  /** The moment that the findings are of, in epoch milliseconds. */
  readonly as_of: number;
}

/**
 * The key of a finding: as registered, or, where its name has gone over to another resource, as much as the resource's
 * own name tells. Null for a resource that is no key.
 */
export function exportedKey(resource: string, registered: Key | undefined): ExportedKey | null {
  if (registered?.resource === resource) {
    const { account, location, registration } = registered;
    return { account, location, labels: registration.labels };
  }
  const parsed = parseKeyResource(resource);
  return parsed.ok ? { account: parsed.resource.account, location: parsed.resource.location, labels: {} } : null;
}

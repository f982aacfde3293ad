/** The columns of each table as migrations/ leaves them. '' stands for "none" in columns that are part of an index. */
import { type Generated, type GeneratedAlways, sql } from "kysely";
import type { FindingStatus } from "../model/finding.ts";
import type { KeySource } from "../model/key.ts";
import type { ScanLane } from "../model/lane.ts";
import type { OutcomeName, Severity } from "../model/outcome.ts";
import type { Provider, ResourceKind } from "../model/resource.ts";
import type { Scan } from "../model/scan.ts";
import type { Sight } from "../model/snapshot.ts";
import type { Role } from "../model/token.ts";

export interface Tables {
  readonly meta: MetaTable;
  readonly content: ContentTable;
  readonly subject: SubjectTable;
  readonly registration: RegistrationTable;
  readonly fact: FactTable;
  readonly sight: SightTable;
  readonly finding: FindingTable;
  readonly finding_count: FindingCountTable;
  readonly past_outcome: PastOutcomeTable;
  readonly scan: ScanTable;
  readonly lease: LeaseTable;
  readonly token: TokenTable;
}

interface MetaTable {
  readonly id: Generated<1>;
  readonly change_seq: number;
  /** The moment of the last change, in epoch milliseconds. */
  readonly changed_at: number;
}

interface ContentTable {
  readonly hash: string;
  readonly value: string;
}

interface SubjectTable {
  readonly id: string;
  readonly kind: "key" | "scope";
  readonly provider: Provider;
  readonly resource: string;
  readonly resource_kind: ResourceKind | null;
  readonly scope_id: string | null;
  readonly account: string | null;
  readonly location: string | null;
  readonly change_seq: number;
}

interface RegistrationTable {
  readonly subject_id: string;
  readonly number: number;
  readonly name: string;
  readonly source: KeySource;
  readonly content: string;
  readonly registered_at: number;
  readonly valid_from: number;
  readonly valid_to: number | null;
}

interface FactTable {
  readonly subject_id: string;
  readonly name: string;
  readonly number: number;
  readonly content: string;
  readonly valid_from: number;
  readonly valid_to: number | null;
  readonly current: 0 | 1;
}

export interface SightTable {
  readonly subject_id: string;
  readonly call: string;
  readonly part: string;
  readonly number: number;
  readonly state: Exclude<Sight, "not-observed">;
  readonly detail: string | null;
  readonly refused: string | null;
  readonly lost: string;
  readonly from_at: number;
  readonly last_at: number;
  readonly interval_ms: number;
  readonly seen_before: number | null;
  readonly current: 0 | 1;
}

/** With its latest outcome, which holds until another takes over. */
export interface FindingTable {
  /** Findings are ordered by it where nothing else orders them. */
  readonly seq: number;
  readonly id: string;
  readonly subject_id: string;
  readonly check_id: string;
  readonly provider: Provider;
  readonly key_name: string;
  readonly number: number;
  readonly outcome: OutcomeName;
  readonly severity: Severity;
  readonly status: FindingStatus;
  readonly evidence: string;
  readonly guidance: string;
  /** When that outcome began. */
  readonly changed_at: number;
  readonly message: string;
  readonly catalogue: string;
  readonly change_seq: number;
  readonly opened_at: number | null;
  readonly resolved_at: number | null;
  readonly decided: number | null;
  readonly in_need: GeneratedAlways<0 | 1>;
}

interface FindingCountTable {
  readonly provider: Provider;
  readonly check_id: string;
  readonly severity: Severity;
  readonly status: FindingStatus;
  readonly outcome: OutcomeName;
  readonly guidance: string;
  readonly count: number;
}

/** Outcomes that are over. */
interface PastOutcomeTable {
  readonly finding_seq: number;
  readonly number: number;
  readonly check_id: string;
  readonly provider: Provider;
  readonly outcome: OutcomeName;
  readonly severity: Severity;
  readonly status: FindingStatus;
  readonly message: string;
  readonly evidence: string;
  readonly guidance: string;
  readonly catalogue: string;
  readonly change_seq: number;
  readonly valid_from: number;
  readonly valid_to: number;
  readonly opened_at: number | null;
  readonly resolved_at: number | null;
  readonly decided: number | null;
}

interface ScanTable {
  readonly id: string;
  readonly provider: Provider;
  readonly scope: string;
  readonly lane: ScanLane;
  readonly state: Scan["state"];
  readonly started_at: number;
  readonly finished_at: number | null;
  readonly keys: number;
  readonly failed_keys: number;
  readonly changes: number;
  readonly refused: string;
}

interface LeaseTable {
  readonly scope: string;
  readonly holder: string;
  readonly expires_at: number;
}

interface TokenTable {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly sha256: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_at: number | null;
}

/** Written out, because SQLite does not use a partial index for a condition whose value is a parameter. */
export const isCurrent = sql.lit<1>(1);
export const isInNeed = sql.lit<1>(1);

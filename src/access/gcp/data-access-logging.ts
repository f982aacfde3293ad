/**
 * Which data access to a key is logged. What is switched on at any level is on, and whoever is exempted at any level is
 * exempted: https://cloud.google.com/logging/docs/audit/configure-data-access
 */
import type { Unreadable } from "../../model/fact.ts";
import type { GcpAuditLogging, GcpLevel, GcpMember } from "../../model/gcp-access.ts";
import { type GcpHolding, holdingOfPublishedAccount } from "./account-membership.ts";
import { parseGcpMember } from "./parse-member.ts";

export interface GcpDataAccessLogging {
  readonly data_read: GcpLogType;
  readonly data_write: GcpLogType;
  /** Levels that could not be read: one of them may switch a log on, or exempt somebody. */
  readonly unread: readonly { readonly level: GcpLevel; readonly fact: Unreadable }[];
}

export interface GcpLogType {
  /** Where it is switched on for Cloud KMS; nowhere where empty. */
  readonly switched_on: readonly { readonly level: GcpLevel; readonly service: string }[];
  /** Whoever may be the published account and is left out. */
  readonly exemptions: readonly {
    readonly level: GcpLevel;
    readonly service: string;
    readonly member: GcpMember;
    readonly holding: Exclude<GcpHolding, "not">;
  }[];
}

const services: readonly string[] = ["cloudkms.googleapis.com", "allServices"];

/** What the audit configurations of all levels come to together: a log is on where one of them switches it on. */
export function dataAccessLogging(levels: GcpAuditLogging): GcpDataAccessLogging {
  const unread = levels.flatMap(({ level, configs }) =>
    configs.state === "unreadable" ? [{ level, fact: configs }] : [],
  );
  return { data_read: logType(levels, "DATA_READ"), data_write: logType(levels, "DATA_WRITE"), unread };
}

function logType(levels: GcpAuditLogging, type: string): GcpLogType {
  const found = levels.flatMap(({ level, configs }) =>
    (configs.state === "known" ? configs.value : [])
      .filter(({ service }) => services.includes(service))
      .flatMap(({ service, logs }) =>
        logs.filter((log) => log.type === type).map(({ exempted }) => ({ level, service, exempted })),
      ),
  );
  return {
    switched_on: found.map(({ level, service }) => ({ level, service })),
    exemptions: found.flatMap(({ level, service, exempted }) =>
      exempted.flatMap((text) => {
        const member = parseGcpMember(text);
        const holding = holdingOfPublishedAccount(member);
        return holding === "not" ? [] : [{ level, service, member, holding }];
      }),
    ),
  };
}

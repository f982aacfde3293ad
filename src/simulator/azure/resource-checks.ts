// What of a state no shape can tell: times, addresses, and what must fit together. Each throws a ControlError with the place.
import { ControlError } from "../control-error.ts";
import type { SimulatedTenant } from "./directory-types.ts";
import type { SimulatedWorkspace } from "./log-workspace.ts";
import { isAddressRange } from "./network-rules.ts";
import type {
  SimulatedAssignmentSchedule,
  SimulatedDeletion,
  SimulatedManagedHsm,
  SimulatedNetworkRules,
  SimulatedVault,
  SimulatedVaultKey,
} from "./resource-types.ts";

export function checkVault({ properties }: SimulatedVault, where: string): void {
  checkUri(properties.vaultUri, `${where}.properties.vaultUri`);
  checkNetworkRules(properties.networkAcls, `${where}.properties.networkAcls`);
}

export function checkManagedHsm({ properties }: SimulatedManagedHsm, where: string): void {
  checkUri(properties.hsmUri, `${where}.properties.hsmUri`);
  checkNetworkRules(properties.networkAcls, `${where}.properties.networkAcls`);
}

export function checkVaultKey({ current, versions }: SimulatedVaultKey, where: string): void {
  for (const [version, { attributes }] of Object.entries(versions)) {
    const here = `${where}.versions.${version}`;
    if (!/^[0-9a-f]{32}$/.test(version)) {
      throw new ControlError("wrong-value", here, "a version is named by 32 hexadecimal digits in lower case");
    }
    for (const field of ["nbf", "exp", "created", "updated"] as const) {
      checkSeconds(attributes[field], `${here}.attributes.${field}`);
    }
  }
  if (versions[current] === undefined) {
    throw new ControlError("wrong-value", `${where}.current`, `there is no version ${current}`, Object.keys(versions));
  }
}

export function checkSchedule({ properties }: SimulatedAssignmentSchedule, where: string): void {
  for (const field of ["startDateTime", "endDateTime"] as const) {
    checkTime(properties[field], `${where}.properties.${field}`);
  }
}

export function checkWorkspace({ audit_logs }: SimulatedWorkspace, where: string): void {
  for (const [index, { TimeGenerated }] of audit_logs.entries()) {
    checkTime(TimeGenerated, `${where}.audit_logs[${index}].TimeGenerated`);
  }
}

export function checkTenant({ page_size }: SimulatedTenant, where: string): void {
  if (!Number.isSafeInteger(page_size) || page_size < 1) {
    throw new ControlError("wrong-value", `${where}.page_size`, "expected a whole number above 0");
  }
}

/** Of whatever can be soft-deleted. */
export function checkDeletion(state: { readonly deleted?: SimulatedDeletion }, where: string): void {
  checkTime(state.deleted?.deletedDate, `${where}.deleted.deletedDate`);
  checkTime(state.deleted?.scheduledPurgeDate, `${where}.deleted.scheduledPurgeDate`);
}

function checkUri(text: string, where: string): void {
  if (!/^https:\/\/[^/]+\/$/.test(text)) {
    throw new ControlError(
      "wrong-value",
      where,
      `${JSON.stringify(text)} is no URI like https://name.vault.azure.net/`,
    );
  }
}

function checkNetworkRules(rules: SimulatedNetworkRules | undefined, where: string): void {
  for (const [index, { value }] of (rules?.ipRules ?? []).entries()) {
    if (!isAddressRange(value)) {
      throw new ControlError("wrong-value", `${where}.ipRules[${index}].value`, `${value} is no IPv4 address or range`);
    }
  }
}

function checkTime(text: string | undefined, where: string): void {
  const isTime =
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(text ?? "") && !Number.isNaN(Date.parse(text ?? ""));
  if (text !== undefined && !isTime) {
    throw new ControlError("wrong-value", where, `${JSON.stringify(text)} is no time like 2026-07-01T00:00:00Z`);
  }
}

function checkSeconds(value: number | undefined, where: string): void {
  if (value !== undefined && !Number.isSafeInteger(value)) {
    throw new ControlError("wrong-value", where, "expected whole seconds since 1970");
  }
}

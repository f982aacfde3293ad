// What of a state no shape can tell: words, times, and what must fit together. Each throws a ControlError with the place.
import { ControlError } from "../control-error.ts";
import { checkWord } from "./enum-words.ts";
import { isDuration, isTime } from "./gcp-time.ts";
import type { SimulatedCryptoKey, SimulatedKeyRing, SimulatedPolicy, SimulatedProject } from "./resource-types.ts";

export function checkKey(key: SimulatedCryptoKey, where: string): void {
  const { versionTemplate, keyAccessJustificationsPolicy, versions, primary } = key;
  checkWord("purpose", key.purpose, `${where}.purpose`);
  checkWord("algorithm", versionTemplate?.algorithm, `${where}.versionTemplate.algorithm`);
  checkWord("protectionLevel", versionTemplate?.protectionLevel, `${where}.versionTemplate.protectionLevel`);
  for (const reason of keyAccessJustificationsPolicy?.allowedAccessReasons ?? []) {
    checkWord("accessReason", reason, `${where}.keyAccessJustificationsPolicy.allowedAccessReasons`);
  }
  for (const field of ["createTime", "nextRotationTime"] as const) {
    checkTime(key[field], `${where}.${field}`);
  }
  for (const field of ["rotationPeriod", "destroyScheduledDuration"] as const) {
    checkDuration(key[field], `${where}.${field}`);
  }
  for (const [number, version] of Object.entries(versions)) {
    const here = `${where}.versions.${number}`;
    if (!/^[1-9]\d*$/.test(number)) {
      throw new ControlError("wrong-value", here, "versions are numbered from 1");
    }
    checkWord("versionState", version.state, `${here}.state`);
    checkWord("algorithm", version.algorithm, `${here}.algorithm`);
    checkWord("protectionLevel", version.protectionLevel, `${here}.protectionLevel`);
    for (const field of ["createTime", "generateTime", "destroyTime", "destroyEventTime", "importTime"] as const) {
      checkTime(version[field], `${here}.${field}`);
    }
  }
  if (primary !== undefined && versions[primary] === undefined) {
    throw new ControlError("wrong-value", `${where}.primary`, `there is no version ${primary}`, Object.keys(versions));
  }
  checkPolicy(key.policy, `${where}.policy`);
}

export function checkRing({ createTime, policy }: SimulatedKeyRing, where: string): void {
  checkTime(createTime, `${where}.createTime`);
  checkPolicy(policy, `${where}.policy`);
}

export function checkProject({ state, createTime, policy }: SimulatedProject, where: string): void {
  checkWord("projectState", state, `${where}.state`);
  checkTime(createTime, `${where}.createTime`);
  checkPolicy(policy, `${where}.policy`);
}

export function checkLevel({ policy }: { readonly policy: SimulatedPolicy }, where: string): void {
  checkPolicy(policy, `${where}.policy`);
}

function checkPolicy({ auditConfigs = [] }: SimulatedPolicy, where: string): void {
  for (const { logType } of auditConfigs.flatMap(({ auditLogConfigs }) => auditLogConfigs)) {
    checkWord("logType", logType, `${where}.auditConfigs.auditLogConfigs.logType`);
  }
}

function checkTime(text: string | undefined, where: string): void {
  if (text !== undefined && !isTime(text)) {
    throw new ControlError("wrong-value", where, `${JSON.stringify(text)} is no time like 2026-07-01T00:00:00Z`);
  }
}

function checkDuration(text: string | undefined, where: string): void {
  if (text !== undefined && !isDuration(text)) {
    throw new ControlError("wrong-value", where, `${JSON.stringify(text)} is no duration like 86400s`);
  }
}

import type { Turn } from "../turn.ts";

/** What a request counts for, for which lane, and until when it is worth making. */
export interface GcpTarget extends Turn {
  /** The scope that is read, `projects/<id or number>`. */
  readonly scope: string;
}

/**
 * Exactly the calls that are made of Google Cloud, by resource names. Answers are as the official clients give them (over
 * gRPC: fields in camel case, each there, enums and 64-bit numbers as text, times as seconds and nanos) or as JSON of the
 * REST interface (fields that have their default may be left out), and unknown until a schema has spoken. Lists come in
 * pages: `next` is what the page before gave, undefined for the first. Throws `Refused` for every expected failure.
 */
export interface GcpReader {
  // gRPC
  listCryptoKeys(target: GcpTarget, ring: string, next: string | undefined): Promise<unknown>;
  getCryptoKeyIamPolicy(target: GcpTarget, key: string): Promise<unknown>;
  listCryptoKeyVersions(target: GcpTarget, key: string, next: string | undefined): Promise<unknown>;
  getKeyRingIamPolicy(target: GcpTarget, ring: string): Promise<unknown>;
  getProject(target: GcpTarget, project: string): Promise<unknown>;
  getProjectIamPolicy(target: GcpTarget, project: string): Promise<unknown>;
  getFolderIamPolicy(target: GcpTarget, folder: string): Promise<unknown>;
  getOrganizationIamPolicy(target: GcpTarget, organization: string): Promise<unknown>;
  listSinks(target: GcpTarget, parent: string, next: string | undefined): Promise<unknown>;
  listExclusions(target: GcpTarget, parent: string, next: string | undefined): Promise<unknown>;

  // REST
  getAncestry(target: GcpTarget, project: string): Promise<unknown>;
  getRole(target: GcpTarget, role: string): Promise<unknown>;
  getEffectivePolicy(target: GcpTarget, project: string, constraint: string): Promise<unknown>;
  getService(target: GcpTarget, project: string, service: string): Promise<unknown>;
  getProjectBillingInfo(target: GcpTarget, project: string): Promise<unknown>;
  /** The deny policies that are attached right there, without their rules. */
  listDenyPolicies(target: GcpTarget, attachedTo: string, next: string | undefined): Promise<unknown>;
  /** By the name that the list gave, in which the slashes of the attachment point are encoded. */
  getDenyPolicy(target: GcpTarget, policy: string): Promise<unknown>;
  listAccessPolicies(target: GcpTarget, organization: string, next: string | undefined): Promise<unknown>;
  listAccessLevels(target: GcpTarget, accessPolicy: string, next: string | undefined): Promise<unknown>;
  listServicePerimeters(target: GcpTarget, accessPolicy: string, next: string | undefined): Promise<unknown>;
}

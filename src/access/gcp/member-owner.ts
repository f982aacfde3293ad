/** Whose a member is, as far as its identifier tells. */
import type { GcpMember } from "../../model/gcp-access.ts";

export type GcpOwner =
  /** By id or number. */
  | { readonly kind: "project"; readonly project: string }
  | { readonly kind: "domain"; readonly domain: string }
  /** Nothing in the identifier tells, or it is a whole folder or organization: that is from outside, the own one too. */
  | { readonly kind: "not-told" };

export function ownerOfMember({ kind, id }: GcpMember): GcpOwner {
  switch (kind) {
    case "service-account":
      return ownerOfServiceAccount(id);
    case "user":
    case "group":
      return domainOf(id);
    case "domain":
      return { kind: "domain", domain: id };
    case "project-role":
      return { kind: "project", project: id };
    case "principal":
    case "principal-set":
      return ownerOfAddress(id);
    case "all-users":
    case "all-authenticated-users":
    case "unknown":
      return { kind: "not-told" };
  }
}

function domainOf(email: string): GcpOwner {
  const domain = email.split("@")[1];
  return domain === undefined ? { kind: "not-told" } : { kind: "domain", domain };
}

/** Google's projects, of which its service agents are beside `gcp-sa-…`: https://cloud.google.com/iam/docs/service-agents */
const agentProjects = [
  "cloud-filer",
  "cloud-memcache-sa",
  "cloud-ml\\.google\\.com",
  "cloud-redis",
  "cloud-tpu",
  "cloudcomposer-accounts",
  "compute-system",
  "container-analysis",
  "container-engine-robot",
  "containerregistry",
  "dataflow-service-producer-prod",
  "dataproc-accounts",
  "dlp-api",
  "endpoints-portal",
  "firebase-rules",
  "gae-api-prod(?:\\.google\\.com)?",
  "gcf-admin-robot",
  "gcp-gae-service",
  "genomics-api",
  "gs-project-accounts",
  "remotebuildexecution",
  "security-center-api",
  "serverless-robot-prod",
  "service-consumer-management",
  "service-networking",
  "sourcerepo-service-accounts",
];

/** Service accounts by the form of their address: https://cloud.google.com/iam/docs/service-account-types */
const forms: readonly RegExp[] = [
  /^(\d+)-compute@developer\.gserviceaccount\.com$/,
  /^(\d+)@(?:cloudservices|cloudbuild)\.gserviceaccount\.com$/,
  /^([a-z0-9.:-]+)@appspot\.gserviceaccount\.com$/,
  // Anybody may call an account of theirs `service-<number of somebody else's project>`: the project must be Google's.
  new RegExp(`^service-(\\d+)@(?:gcp-sa-[a-z0-9-]+|${agentProjects.join("|")})\\.iam\\.gserviceaccount\\.com$`),
  /^project-(\d+)@storage-transfer-service\.iam\.gserviceaccount\.com$/,
  /^bq-(\d+)@bigquery-encryption\.iam\.gserviceaccount\.com$/,
  /^([a-z0-9-]+)\.svc\.id\.goog\[.*\]$/,
];

function ownerOfServiceAccount(email: string): GcpOwner {
  for (const form of forms) {
    const project = form.exec(email)?.[1];
    if (project !== undefined) return { kind: "project", project };
  }
  const [, id, domain] = /@([a-z0-9-]+)((?:\.[a-z0-9-]+)*)\.iam\.gserviceaccount\.com$/.exec(email) ?? [];
  if (id === undefined) return domainOf(email);
  // The project `example.com:tools` has addresses at `tools.example.com.iam.gserviceaccount.com`.
  return { kind: "project", project: domain === "" || domain === undefined ? id : `${domain.slice(1)}:${id}` };
}

function ownerOfAddress(id: string): GcpOwner {
  const project =
    /^iam\.googleapis\.com\/projects\/([^/]+)\//.exec(id)?.[1] ??
    /^cloudresourcemanager\.googleapis\.com\/projects\/([^/]+)(?:\/|$)/.exec(id)?.[1];
  return project === undefined ? { kind: "not-told" } : { kind: "project", project };
}

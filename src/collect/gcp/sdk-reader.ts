import type { CallOptions } from "google-gax";
import type { GcpCall } from "./calls.ts";
import type { GcpReader, GcpTarget } from "./reader.ts";
import { createSdkClients, requestTimeout, type SdkClients, type SdkClientsOptions } from "./sdk-clients.ts";

type Ask = <T>(call: GcpCall, target: GcpTarget, send: (clients: SdkClients) => Promise<T>) => Promise<T>;

/**
 * Our own loop retries: null in place of the empty list crashes the clients. Made anew for each call, because they write the
 * call's routing header into it.
 */
function options(): CallOptions {
  return { retry: { retryCodes: [] }, timeout: requestTimeout };
}

/** Each page is a request of the budget. */
function ofPage(): CallOptions {
  return { ...options(), autoPaginate: false };
}

/** The most that one page can hold. */
const keysOfAPage = 1000;
const logSettingsOfAPage = 1000;
const policiesOfAPage = 100;

/** Reads Google Cloud with its official clients, on the quota of the configured project or else of the one that is read. */
export function createGcpSdkReader(access: SdkClientsOptions): GcpReader {
  let loaded: ReturnType<typeof createSdkClients> | undefined;
  const { quota_project } = access.identity;
  const ask: Ask = async (call, { scope, ...turn }, send) => {
    loaded ??= createSdkClients(access);
    const clients = await (await loaded)(turn);
    const quota = quota_project === null ? scope : `projects/${quota_project}`;
    return access.request({ call, scope: quota, ...turn }, () => send(clients));
  };
  return {
    ...kmsCalls(ask),
    ...resourceCalls(ask),
    ...settingsCalls(ask),
    ...denyPolicyCalls(ask),
    ...perimeterCalls(ask),
  };
}

function kmsCalls(ask: Ask) {
  return {
    listCryptoKeys: (target, parent, pageToken = "") =>
      ask("cloudkms:ListCryptoKeys", target, ({ kms }) =>
        kms.listCryptoKeys({ parent, pageSize: keysOfAPage, pageToken }, ofPage()).then(theAnswer),
      ),
    getCryptoKeyIamPolicy: (target, key) =>
      ask("cloudkms:GetCryptoKeyIamPolicy", target, ({ kms }) =>
        kms.getIamPolicy(policyOf(key), options()).then(first),
      ),
    listCryptoKeyVersions: (target, parent, pageToken = "") =>
      ask("cloudkms:ListCryptoKeyVersions", target, ({ kms }) =>
        kms.listCryptoKeyVersions({ parent, pageSize: keysOfAPage, pageToken }, ofPage()).then(theAnswer),
      ),
    getKeyRingIamPolicy: (target, ring) =>
      ask("cloudkms:GetKeyRingIamPolicy", target, ({ kms }) => kms.getIamPolicy(policyOf(ring), options()).then(first)),
  } satisfies Partial<GcpReader>;
}

function resourceCalls(ask: Ask) {
  return {
    getProject: (target, name) =>
      ask("cloudresourcemanager:GetProject", target, ({ projects }) =>
        projects.getProject({ name }, options()).then(first),
      ),
    getProjectIamPolicy: (target, project) =>
      ask("cloudresourcemanager:GetProjectIamPolicy", target, ({ projects }) =>
        projects.getIamPolicy(policyOf(project), options()).then(first),
      ),
    getFolderIamPolicy: (target, folder) =>
      ask("cloudresourcemanager:GetFolderIamPolicy", target, ({ folders }) =>
        folders.getIamPolicy(policyOf(folder), options()).then(first),
      ),
    getOrganizationIamPolicy: (target, organization) =>
      ask("cloudresourcemanager:GetOrganizationIamPolicy", target, ({ organizations }) =>
        organizations.getIamPolicy(policyOf(organization), options()).then(first),
      ),
    // Version 3 tells each folder's parent only to those who may read the folder; this tells the whole chain.
    getAncestry: (target, project) =>
      ask("cloudresourcemanager:GetAncestry", target, ({ rest }) =>
        rest("cloudresourcemanager.googleapis.com", `/v1/${project}:getAncestry`, { data: {} }),
      ),
  } satisfies Partial<GcpReader>;
}

function settingsCalls(ask: Ask) {
  return {
    listSinks: (target, parent, pageToken = "") =>
      ask("logging:ListSinks", target, ({ logging }) =>
        logging.listSinks({ parent, pageSize: logSettingsOfAPage, pageToken }, ofPage()).then(theAnswer),
      ),
    listExclusions: (target, parent, pageToken = "") =>
      ask("logging:ListExclusions", target, ({ logging }) =>
        logging.listExclusions({ parent, pageSize: logSettingsOfAPage, pageToken }, ofPage()).then(theAnswer),
      ),
    getRole: (target, role) => ask("iam:GetRole", target, ({ rest }) => rest("iam.googleapis.com", `/v1/${role}`)),
    getEffectivePolicy: (target, project, constraint) =>
      ask("orgpolicy:GetEffectivePolicy", target, ({ rest }) =>
        rest("orgpolicy.googleapis.com", `/v2/${project}/policies/${constraint}:getEffectivePolicy`),
      ),
    getService: (target, project, service) =>
      ask("serviceusage:GetService", target, ({ rest }) =>
        rest("serviceusage.googleapis.com", `/v1/${project}/services/${service}`),
      ),
    getProjectBillingInfo: (target, project) =>
      ask("cloudbilling:GetProjectBillingInfo", target, ({ rest }) =>
        rest("cloudbilling.googleapis.com", `/v1/${project}/billingInfo`),
      ),
  } satisfies Partial<GcpReader>;
}

function denyPolicyCalls(ask: Ask) {
  return {
    listDenyPolicies: (target, attachedTo, pageToken) => {
      const attachmentPoint = encodeURIComponent(`cloudresourcemanager.googleapis.com/${attachedTo}`);
      return ask("iam:ListDenyPolicies", target, ({ rest }) =>
        rest("iam.googleapis.com", `/v2/policies/${attachmentPoint}/denypolicies`, {
          params: { pageSize: policiesOfAPage, pageToken },
        }),
      );
    },
    getDenyPolicy: (target, policy) =>
      ask("iam:GetDenyPolicy", target, ({ rest }) => rest("iam.googleapis.com", `/v2/${policy}`)),
  } satisfies Partial<GcpReader>;
}

function perimeterCalls(ask: Ask) {
  const list = (call: GcpCall, target: GcpTarget, path: string, params: Readonly<Record<string, string | undefined>>) =>
    ask(call, target, ({ rest }) =>
      rest("accesscontextmanager.googleapis.com", path, { params: { pageSize: policiesOfAPage, ...params } }),
    );
  return {
    listAccessPolicies: (target, parent, pageToken) =>
      list("accesscontextmanager:ListAccessPolicies", target, "/v1/accessPolicies", { parent, pageToken }),
    listAccessLevels: (target, policy, pageToken) =>
      list("accesscontextmanager:ListAccessLevels", target, `/v1/${policy}/accessLevels`, { pageToken }),
    listServicePerimeters: (target, policy, pageToken) =>
      list("accesscontextmanager:ListServicePerimeters", target, `/v1/${policy}/servicePerimeters`, { pageToken }),
  } satisfies Partial<GcpReader>;
}

/** Below version 3, a conditional binding is told without its condition. */
function policyOf(resource: string) {
  return { resource, options: { requestedPolicyVersion: 3 } };
}

/** The clients answer with a list of which the first is the answer; of a page the third is. */
function first(answers: readonly unknown[]): unknown {
  return answers[0];
}

function theAnswer(answers: readonly unknown[]): unknown {
  return answers[2];
}

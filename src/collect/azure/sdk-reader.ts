import type { AzureCloud } from "../../config/azure-key-resource.ts";
import type { Clock } from "../clock.ts";
import { Refused } from "../refusal.ts";
import type { Request } from "../request.ts";
import type { AzureCall } from "./calls.ts";
import { type AzureHosts, azureHosts } from "./clouds.ts";
import type { AzureReader, AzureTarget } from "./reader.ts";
import { createSdkClients, type SdkClients } from "./sdk-clients.ts";
import type { LocalAzure } from "./sdk-wire.ts";
import type { VaultAddress } from "./vault-address.ts";

export interface AzureSdkReaderOptions {
  readonly request: Request;
  readonly clock: Clock;
  readonly cloud: AzureCloud;
  /** Whose budget all requests are of. */
  readonly quotaScope: string;
  /** For the simulator and other local servers, in place of every host of Azure's; no credentials go there. */
  readonly local?: LocalAzure;
}

type Ask = (
  call: AzureCall,
  target: AzureTarget,
  send: (clients: SdkClients) => Promise<unknown>,
  /** Makes an answer of an error that is one, and throws every other. */
  answerOf?: (error: unknown) => unknown,
) => Promise<unknown>;

interface Pages {
  byPage(settings?: { continuationToken?: string }): AsyncIterator<unknown>;
}

/** At and above a scope. */
const atScope = "atScope()";
/** No client of an API version that is not a preview knows these. */
const perimeterApiVersion = "2024-04-01-preview";
const graphVersion = "v1.0";

/** Reads Azure with its official clients. */
export function createAzureSdkReader(options: AzureSdkReaderOptions): AzureReader {
  const { request, quotaScope: scope, cloud, ...rest } = options;
  const hosts: AzureHosts = azureHosts[cloud];
  let loaded: Promise<SdkClients> | undefined;
  const askFor =
    (audience: string): Ask =>
    async (call, turn, send, answerOf = throwOn) => {
      loaded ??= createSdkClients({ ...rest, hosts });
      const clients = await loaded;
      const attempt = () =>
        request({ call, scope, ...turn }, () => clients.answerTo(() => send(clients)).catch(answerOf));
      const token = await clients.ensure(audience, turn);
      try {
        return await attempt();
      } catch (error) {
        // Ended before its time: revoked, or by a clock that is not ours. Another one is had once.
        if (!(error instanceof Refused) || error.refusal.credentials !== "expired") throw error;
      }
      token.expired();
      await clients.ensure(audience, turn);
      return attempt();
    };
  const arm = askFor(`https://${hosts.arm}`);
  return {
    ...keyCalls(arm),
    ...vaultCalls(arm, hosts),
    ...assignmentCalls(arm),
    ...graphCalls(askFor(`https://${hosts.graph}`), hosts),
    getDeletedKey(target, host, key) {
      const kind = host.endsWith(`.${hosts.vaults.vault}`) ? "vault" : "managed-hsm";
      const ask = askFor(`https://${hosts.vaults[kind]}`);
      return ask("keyvault:GetDeletedKey", target, ({ keys }) => keys(host).getDeletedKey(key));
    },
  };
}

function keyCalls(ask: Ask) {
  return {
    getKey: (target, { kind, subscription, group, name }, key) =>
      ask("keyvault:GetKey", target, ({ keyVault }) =>
        kind === "vault"
          ? keyVault(subscription).keys.get(group, name, key)
          : keyVault(subscription).managedHsmKeys.get(group, name, key),
      ),
    listKeyVersions: (target, { kind, subscription, group, name }, key, next) =>
      ask("keyvault:ListKeyVersions", target, ({ keyVault }) =>
        kind === "vault"
          ? onePage(keyVault(subscription).keys.listVersions(group, name, key), next)
          : onePage(keyVault(subscription).managedHsmKeys.listVersions(group, name, key), next),
      ),
    listKeys: (target, { kind, subscription, group, name }, next) =>
      ask("keyvault:ListKeys", target, ({ keyVault }) =>
        kind === "vault"
          ? onePage(keyVault(subscription).keys.list(group, name), next)
          : onePage(keyVault(subscription).managedHsmKeys.list(group, name), next),
      ),
  } satisfies Partial<AzureReader>;
}

function vaultCalls(ask: Ask, { arm }: AzureHosts) {
  return {
    getVault: (target, { kind, subscription, group, name }) =>
      ask("keyvault:GetVault", target, ({ keyVault }) =>
        kind === "vault"
          ? keyVault(subscription).vaults.get(group, name)
          : keyVault(subscription).managedHsms.get(group, name),
      ),
    listVaults: (target, kind, subscription, next) =>
      ask("keyvault:ListVaults", target, ({ keyVault }) =>
        kind === "vault"
          ? onePage(keyVault(subscription).vaults.listBySubscription(), next)
          : onePage(keyVault(subscription).managedHsms.listBySubscription(), next),
      ),
    listDeletedVaults: (target, kind, subscription, next) =>
      ask("keyvault:ListDeletedVaults", target, ({ keyVault }) =>
        kind === "vault"
          ? onePage(keyVault(subscription).vaults.listDeleted(), next)
          : onePage(keyVault(subscription).managedHsms.listDeleted(), next),
      ),
    listPerimeterConfigurations: (target, { id }, next) =>
      ask("keyvault:ListPerimeterConfigurations", target, ({ send }) => {
        const url = new URL(`https://${arm}${encoded(id)}/networkSecurityPerimeterConfigurations`);
        url.searchParams.set("api-version", perimeterApiVersion);
        return send(`https://${arm}`, next ?? url);
      }),
    listDiagnosticSettings: (target, vault, next) =>
      ask("insights:ListDiagnosticSettings", target, ({ monitor }) =>
        onePage(monitor.diagnosticSettings.list(scopeOf(vault)), next),
      ),
  } satisfies Partial<AzureReader>;
}

function assignmentCalls(ask: Ask) {
  return {
    listRoleAssignments: (target, scope, next) =>
      ask("authorization:ListRoleAssignments", target, ({ authorization }) =>
        onePage(authorization.roleAssignments.listForScope(bare(scope), { filter: atScope }), next),
      ),
    listPrincipalAssignments: (target, scope, principal, next) =>
      ask("authorization:ListPrincipalAssignments", target, ({ authorization }) =>
        onePage(authorization.roleAssignments.listForScope(bare(scope), { filter: assignedTo(principal) }), next),
      ),
    getRoleDefinition: (target, id) =>
      ask("authorization:GetRoleDefinition", target, ({ authorization }) =>
        authorization.roleDefinitions.getById(bare(id)),
      ),
    listDenyAssignments: (target, scope, next) =>
      ask("authorization:ListDenyAssignments", target, ({ authorization }) =>
        onePage(authorization.denyAssignments.listForScope(bare(scope), { filter: atScope }), next),
      ),
    listPrincipalDenyAssignments: (target, scope, principal, next) =>
      ask("authorization:ListPrincipalDenyAssignments", target, ({ authorization }) =>
        onePage(authorization.denyAssignments.listForScope(bare(scope), { filter: assignedTo(principal) }), next),
      ),
    listAssignmentSchedules: (target, scope, next) =>
      ask(
        "authorization:ListAssignmentSchedules",
        target,
        ({ authorization }) =>
          onePage(authorization.roleAssignmentScheduleInstances.listForScope(bare(scope), { filter: atScope }), next),
        withoutPim,
      ),
  } satisfies Partial<AzureReader>;
}

function graphCalls(ask: Ask, { graph }: AzureHosts) {
  const audience = `https://${graph}`;
  const get = (
    call: AzureCall,
    target: AzureTarget,
    next: string | undefined,
    path: string,
    params: Readonly<Record<string, string>> = {},
  ) =>
    ask(call, target, ({ send }) => {
      const url = new URL(`${audience}/${graphVersion}/${path}`);
      for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
      return send(audience, next ?? url);
    });
  const own = (id: string) => `servicePrincipals/${encodeURIComponent(id)}`;
  const names = { $select: "id,displayName" };
  return {
    listServicePrincipals: (target, id, next) =>
      get("graph:ListServicePrincipals", target, next, "servicePrincipals", {
        $filter: `appId eq ${quoted(id)}`,
        $select: "id,appId,displayName,accountEnabled,passwordCredentials,keyCredentials",
      }),
    listServicePrincipalOwners: (target, id, next) =>
      get("graph:ListServicePrincipalOwners", target, next, `${own(id)}/owners`, names),
    listAppRoleAssignments: (target, id, next) =>
      get("graph:ListAppRoleAssignments", target, next, `${own(id)}/appRoleAssignments`),
    listPermissionGrants: (target, id, next) =>
      get("graph:ListPermissionGrants", target, next, `${own(id)}/oauth2PermissionGrants`),
    listDirectoryRoles: (target, id, next) =>
      get("graph:ListDirectoryRoles", target, next, `${own(id)}/transitiveMemberOf`, names),
    getAssignedApplications: (target, ids) =>
      ask("graph:GetAssignedApplications", target, ({ send }) =>
        send(audience, `${audience}/${graphVersion}/directoryObjects/getByIds`, { ids, types: ["servicePrincipal"] }),
      ),
  } satisfies Partial<AzureReader>;
}

/** One page and no more: each is a request of the budget. */
function onePage(pages: Pages, next: string | undefined): Promise<unknown> {
  return pages.byPage(next === undefined ? {} : { continuationToken: next }).next();
}

/** For a principal and the groups that it is in. */
function assignedTo(principal: string): string {
  return `assignedTo(${quoted(principal)})`;
}

/** A text in a filter: https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The clients write the slash before a scope themselves. */
function bare(scope: string): string {
  return scope.replace(/^\//, "");
}

function scopeOf({ id }: VaultAddress): string {
  return bare(id);
}

function encoded(id: string): string {
  return id.split("/").map(encodeURIComponent).join("/");
}

/** Azure says by an error what is an answer: without this licence no assignment has an end. */
function withoutPim(error: unknown): unknown {
  if (error instanceof Error && Reflect.get(error, "code") === "AadPremiumLicenseRequired") return { value: null };
  throw error;
}

function throwOn(error: unknown): never {
  throw error;
}

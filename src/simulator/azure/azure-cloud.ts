import type { Cloud, HttpService, ReceivedCall, WireAnswer, WireRequest } from "../cloud.ts";
import { isJsonObject, type JsonObject } from "../shape.ts";
import { type Holder, isOfManagedHsm } from "./arm-lookup.ts";
import { recordAudit } from "./audit-log.ts";
import { AzureError, asAzureError, errorAnswer, jsonAnswer } from "./azure-error.ts";
import type { AzureRequest } from "./azure-operation.ts";
import { callForms, operationOf, routes } from "./azure-operations.ts";
import { caller, missingToken, refusalError, serviceError } from "./azure-refusals.ts";
import { type AzureState, createAzureState, quotaScopeOf, tablesOf } from "./azure-state.ts";
import type { SimulatedGroup, SimulatedServicePrincipal } from "./directory-types.ts";
import { type Plane, planeOf } from "./hosts.ts";
import { callersAddress, holderAt, loggedNames } from "./key-vault.ts";
import type { SimulatedWorkspace } from "./log-workspace.ts";
import type {
  SimulatedDiagnosticSetting,
  SimulatedManagedHsm,
  SimulatedRoleAssignment,
  SimulatedRoleDefinition,
  SimulatedVault,
  SimulatedVaultKey,
} from "./resource-types.ts";

/** The header that names the host which a request was meant for. */
export const realHostHeader = "x-keyposture-host";

/** A request whose call was found. */
interface FoundCall {
  readonly plane: Plane;
  readonly call: string;
  readonly request: AzureRequest;
}

/**
 * Azure: the Resource Manager, the data plane of Key Vault, Microsoft Graph and Log Analytics on one port, told apart by the header that
 * names the real host. Who calls is not looked at beyond having a token, and role assignments are not evaluated: everything
 * is answered until control denies it, or a vault's network rules do.
 */
export class AzureCloud implements Cloud, HttpService {
  readonly name = "azure";
  readonly calls = callForms;
  readonly #state: AzureState = createAzureState();
  readonly #now: () => number;

  /** `now` tells epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get resources(): Cloud["resources"] {
    return tablesOf(this.#state);
  }

  /** Adds or replaces a vault; a reset keeps it, like all that is added. Its subscription and resource group exist with it. */
  addVault(vault: SimulatedVault): void {
    this.#state.vaults.seed(vault);
  }

  addManagedHsm(hsm: SimulatedManagedHsm): void {
    this.#state.managedHsms.seed(hsm);
  }

  /** Its vault does not exist with it. */
  addKey(key: SimulatedVaultKey): void {
    this.#state.keys.seed(key);
  }

  addRoleAssignment(assignment: SimulatedRoleAssignment): void {
    this.#state.assignments.seed(assignment);
  }

  /** A custom role, or a built-in one with other permissions than it has. */
  addRoleDefinition(role: SimulatedRoleDefinition): void {
    this.#state.roles.seed(role);
  }

  addDiagnosticSetting(setting: SimulatedDiagnosticSetting): void {
    this.#state.diagnostics.seed(setting);
  }

  addServicePrincipal(principal: SimulatedServicePrincipal): void {
    this.#state.servicePrincipals.seed(principal);
  }

  addWorkspace(workspace: SimulatedWorkspace): void {
    this.#state.workspaces.seed(workspace);
  }

  addGroup(group: SimulatedGroup): void {
    this.#state.groups.seed(group);
  }

  reset(): void {
    for (const table of this.resources) {
      table.reset();
    }
  }

  receive(received: WireRequest): ReceivedCall | { readonly refused: WireAnswer } {
    try {
      return this.#received(this.#found(received));
    } catch (error) {
      return { refused: errorAnswer(asAzureError(error)) };
    }
  }

  /** @throws AzureError where the request has no token, or no call can be made out. */
  #found({ method, path: url, headers, body }: WireRequest): FoundCall {
    const host = (headers[realHostHeader] ?? "").toLowerCase();
    const plane = planeOf(host);
    if (plane === undefined) {
      throw new AzureError(
        404,
        "UnknownHost",
        `No simulated API is at '${host}': ${realHostHeader} names the real host.`,
      );
    }
    if (!/^bearer ./i.test(headers["authorization"] ?? "")) {
      const holder = this.#holderAt(plane, host);
      const refusal = missingToken(plane, holder?.properties.tenantId, host);
      this.#audit(holder, `https://${host}${url}`, "Authentication", refusal.status);
      throw refusal;
    }
    const [sent = "", search = ""] = url.split("?", 2);
    const path = unescaped(sent).replace(/\/{2,}/g, "/");
    const route = routes.find((one) => one.plane === plane && one.method === method && one.path.test(path));
    if (route === undefined) {
      throw new AzureError(404, "InvalidResourceType", `The simulator answers no ${method} of '${path}' at ${host}.`);
    }
    const query = parametersOf(search);
    if (plane !== "graph" && plane !== "logs" && !query.has("api-version")) {
      throw missingVersion();
    }
    const groups = { ...route.path.exec(path)?.groups };
    const request = { host, path, groups, query, body: bodyOf(body), state: this.#state, now: this.#now };
    return { plane, call: route.call(request), request };
  }

  #received({ plane, call, request }: FoundCall): ReceivedCall {
    const { permission, hsm_permission = permission, quota = call, target, answer } = operationOf(call);
    const resource = target(request);
    const refused = {
      plane,
      permission: isOfManagedHsm(request.path) ? hsm_permission : permission,
      path: request.path,
      target: resource,
      now: this.#now(),
    };
    const holder = this.#holderAt(plane, request.host);
    const logged = (told: WireAnswer): WireAnswer => {
      this.#audit(holder, `https://${request.host}${request.path}`, loggedNames[call] ?? call, told.status);
      return told;
    };
    return {
      call,
      resource,
      permission: refused.permission,
      scope: scopeOf(plane, request),
      quota,
      answer: () => logged(answered(() => answer(request))),
      refuse: (reason) => logged(errorAnswer(refusalError(reason, refused))),
      fail: (failure) => logged(errorAnswer(serviceError(failure, refused))),
    };
  }

  /** The vault or managed HSM whose data a request is about. */
  #holderAt(plane: Plane, host: string): Holder | undefined {
    return plane === "vault" ? holderAt({ state: this.#state, host }) : undefined;
  }

  /** A request that was never answered is not logged. */
  #audit(holder: Holder | undefined, uri: string, operation: string, status: number): void {
    if (holder !== undefined) {
      const claims = operation === "Authentication" ? undefined : { appid: caller, oid: caller };
      recordAudit(this.#state, { holder, operation, uri, status, address: callersAddress, claims, now: this.#now() });
    }
  }
}

function answered(answer: () => JsonObject): WireAnswer {
  try {
    return jsonAnswer(200, answer());
  } catch (error) {
    return errorAnswer(asAzureError(error));
  }
}

/** What shares a quota: a subscription, a vault, a workspace, or the directory. */
function scopeOf(plane: Plane, { host, path, groups }: AzureRequest): string {
  const { workspace } = groups;
  return plane === "vault"
    ? `vaults/${host}`
    : workspace === undefined
      ? quotaScopeOf(path)
      : `workspaces/${workspace}`;
}

/** https://learn.microsoft.com/en-us/rest/api/azure/#request-uri */
function missingVersion(): AzureError {
  const message = "The api-version query parameter (?api-version=) is required for all requests.";
  return new AzureError(400, "MissingApiVersionParameter", message);
}

/** Names of parameters are compared without regard to case. */
function parametersOf(search: string): URLSearchParams {
  const known = ["api-version", "$filter", "$top", "$select", "$skiptoken"];
  const parameters = [...new URLSearchParams(search)].map(([name, value]): [string, string] => [
    known.find((candidate) => candidate === name.toLowerCase()) ?? name,
    value,
  ]);
  return new URLSearchParams(parameters);
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new AzureError(400, "InvalidRequestUri", "The path is not escaped as a URL must be.");
  }
}

function bodyOf(text: string): JsonObject {
  try {
    const body: unknown = text === "" ? {} : JSON.parse(text);
    if (isJsonObject(body)) {
      return body;
    }
  } catch {
    // Said below, like a body that is no object.
  }
  throw new AzureError(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized.");
}

import type { Cloud, HttpService, ReceivedCall, WireAnswer, WireRequest } from "../cloud.ts";
import type { GrpcAnswer, GrpcRequest, GrpcService, GrpcStatus } from "../grpc-answer.ts";
import type { JsonObject } from "../shape.ts";
import type { SimulatedAccessPolicy } from "./access-policy.ts";
import { asGcpError, GcpError } from "./gcp-error.ts";
import type { GcpOperation } from "./gcp-operation.ts";
import { callForms, grpcServices, operationOf, restRoutes } from "./gcp-operations.ts";
import { refusalError, serviceDisabled, serviceError, serviceOf } from "./gcp-refusals.ts";
import { canonicalName, createGcpState, type GcpState, scopeOf, tablesOf } from "./gcp-state.ts";
import { type GcpWire, grpcStatus, grpcWire, readMessage, restInput, restWire } from "./gcp-wires.ts";
import { numberedName } from "./levels.ts";
import { serviceDefinition } from "./proto-definitions.ts";
import type {
  SimulatedCryptoKey,
  SimulatedFolder,
  SimulatedGcpOrganization,
  SimulatedIamRole,
  SimulatedKeyRing,
  SimulatedProject,
} from "./resource-types.ts";

/** Who calls is not known, so neither is the project that a call is counted for when no other is. */
const callersProject = "projects/0";

/** A request in which the operation was found. */
interface FoundCall {
  readonly call: string;
  readonly operation: GcpOperation;
  readonly input: JsonObject;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/**
 * Google Cloud: Cloud KMS, the Resource Manager and Logging over gRPC, the APIs around them over REST, for all projects.
 * Who calls is not looked at, and policies are not evaluated: everything is answered until control denies it.
 */
export class GcpCloud implements Cloud, HttpService, GrpcService {
  readonly name = "gcp";
  readonly calls = callForms;
  readonly #state: GcpState = createGcpState();
  readonly #now: () => number;

  /** `now` tells epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get resources(): Cloud["resources"] {
    return tablesOf(this.#state);
  }

  /** Adds or replaces a key; a reset keeps it. Its ring exists with it, its project does not. */
  addKey(key: SimulatedCryptoKey): void {
    this.#state.keys.seed(key);
  }

  addKeyRing(ring: SimulatedKeyRing): void {
    this.#state.rings.seed(ring);
  }

  addProject(project: SimulatedProject): void {
    this.#state.projects.seed(project);
  }

  addFolder(folder: SimulatedFolder): void {
    this.#state.folders.seed(folder);
  }

  addOrganization(organization: SimulatedGcpOrganization): void {
    this.#state.organizations.seed(organization);
  }

  addAccessPolicy(policy: SimulatedAccessPolicy): void {
    this.#state.accessPolicies.seed(policy);
  }

  /** A custom role, or a predefined one with other permissions than it has. */
  addRole(role: SimulatedIamRole): void {
    this.#state.roles.seed(role);
  }

  reset(): void {
    for (const table of this.resources) {
      table.reset();
    }
  }

  /** REST. */
  receive({ method, path: url, headers, body }: WireRequest): ReceivedCall | { readonly refused: WireAnswer } {
    const [path = "", query = ""] = url.split("?", 2);
    const route = restRoutes.find((candidate) => candidate.method === method && candidate.path.test(path));
    try {
      if (route === undefined) {
        throw new GcpError("NOT_FOUND", "Method not found.");
      }
      const { call } = route;
      const input = restInput(route.path.exec(path)?.groups, query, body);
      return this.#received({ call, operation: operationOf(call), input, headers }, restWire);
    } catch (error) {
      return { refused: restWire.refusal(asGcpError(error)) };
    }
  }

  receiveMessage({ path, headers, message }: GrpcRequest): ReceivedCall<GrpcAnswer> | { readonly refused: GrpcStatus } {
    const [, serviceName = "", methodName = ""] = path.split("/");
    const service = grpcServices.find(({ name }) => name === serviceName);
    const methods = service && serviceDefinition(service.file, service.name);
    const method = methods && Object.hasOwn(methods, methodName) ? methods[methodName] : undefined;
    const input = method && readMessage(method.requestDeserialize, message);
    if (method !== undefined && input === undefined) {
      return { refused: grpcStatus(new GcpError("INVALID_ARGUMENT", "The request is no such message.")) };
    }
    const call = input && service?.callOf(methodName, input);
    if (method === undefined || input === undefined || call === undefined) {
      return { refused: grpcStatus(new GcpError("UNIMPLEMENTED", `Method ${path} is not implemented.`)) };
    }
    const wire = grpcWire(method.responseSerialize);
    return this.#received({ call, operation: operationOf(call), input, headers }, wire);
  }

  #received<Answer>({ call, operation, input, headers }: FoundCall, wire: GcpWire<Answer>): ReceivedCall<Answer> {
    const { permission, quota = call } = operation;
    const resource = this.#resourceOf(operation.target(input));
    const scope = this.#scopeOf(resource, headers);
    const refused = { call, permission, target: resource, consumer: this.#consumerOf(scope) };
    return {
      call,
      resource,
      permission,
      scope,
      quota,
      answer: () => {
        try {
          this.#refuseDisabled(call, scope, resource);
          return wire.answer(operation.answer({ input, state: this.#state, now: this.#now }));
        } catch (error) {
          return wire.refusal(asGcpError(error));
        }
      },
      refuse: (reason) => wire.refusal(refusalError(reason, refused)),
      fail: (failure) => wire.refusal(serviceError(failure)),
    };
  }

  /** The name in `list`: with the project's id, and a key where a version is meant. */
  #resourceOf(target: string | null): string | null {
    return target === null ? null : canonicalName(this.#state, target).replace(/\/cryptoKeyVersions\/[^/]+$/, "");
  }

  /** The project that is billed and counted: the one of the header, else that of the resource. https://cloud.google.com/docs/quotas/set-quota-project */
  #scopeOf(resource: string | null, headers: FoundCall["headers"]): string {
    const billed = headers["x-goog-user-project"];
    return billed === undefined ? scopeOf(resource ?? "") : canonicalName(this.#state, `projects/${billed}`);
  }

  #consumerOf(scope: string): string {
    return scope.startsWith("projects/") ? numberedName(this.#state, scope) : callersProject;
  }

  /** An API must be enabled where the call is counted, and where the resource is. */
  #refuseDisabled(call: string, scope: string, resource: string | null): void {
    for (const name of [scope, scopeOf(resource ?? "")]) {
      const services = this.#state.projects.get(name)?.services ?? {};
      if (services[serviceOf(call)] === "DISABLED") {
        throw serviceDisabled({ call, consumer: this.#consumerOf(name) });
      }
    }
  }
}

import type { Cloud, HttpService, ReceivedCall, WireAnswer, WireRequest } from "../cloud.ts";
import { type Credential, readCredential } from "./aws-authorization.ts";
import { AwsError } from "./aws-error.ts";
import type { AwsRequest } from "./aws-operation.ts";
import { protocolOf } from "./aws-protocol.ts";
import { refusalError, serviceError } from "./aws-refusals.ts";
import { callForms, type FoundOperation, findOperation } from "./aws-services.ts";
import { type AwsState, createAwsState, tablesOf } from "./aws-state.ts";
import type { SimulatedOrganization, SimulatedRole } from "./organization.ts";
import type { SimulatedKey, SimulatedTrail } from "./resource-types.ts";

/** How far a client's clock is behind, as `skewed-clock` has it, in milliseconds. */
const clockSkew = 3_600_000;

/** AWS on one port: KMS, CloudTrail, STS and Organizations of all accounts and regions. */
export class AwsCloud implements Cloud, HttpService {
  readonly name = "aws";
  readonly calls = callForms;
  readonly #state: AwsState = createAwsState();
  readonly #now: () => number;
  #requests = 0;

  /** `now` tells epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get resources(): Cloud["resources"] {
    return tablesOf(this.#state);
  }

  /** Adds or replaces a key; a reset keeps it. */
  addKey(key: SimulatedKey): void {
    this.#state.keys.seed(key);
  }

  addTrail(trail: SimulatedTrail): void {
    this.#state.trails.seed(trail);
  }

  addOrganization(organization: SimulatedOrganization): void {
    this.#state.organizations.seed(organization);
  }

  /** A role that any caller who knows its external id may assume. */
  addRole(role: SimulatedRole): void {
    this.#state.roles.seed(role);
  }

  reset(): void {
    for (const table of this.resources) {
      table.reset();
    }
    this.#state.sessions.clear();
  }

  receive(wire: WireRequest): ReceivedCall | { readonly refused: WireAnswer } {
    const protocol = protocolOf(wire);
    const requestId = this.#nextRequestId();
    try {
      if (wire.method !== "POST" || wire.path !== "/") {
        throw new AwsError("UnknownOperationException", "", 404);
      }
      const credential = readCredential(wire.headers);
      const found = findOperation(protocol, protocol.targetOf(wire), credential);
      return this.#received(found, this.#request(protocol.inputOf(wire), credential), requestId);
    } catch (error) {
      return { refused: protocol.refusal(asAwsError(error), requestId) };
    }
  }

  #request(input: AwsRequest["input"], { accessKeyId, region }: Credential): AwsRequest {
    const identity = this.#state.sessions.identify(accessKeyId);
    return { ...identity, region, input, state: this.#state, now: this.#now };
  }

  #received({ service, name, operation }: FoundOperation, request: AwsRequest, requestId: string): ReceivedCall {
    const { protocol } = service;
    const { account, caller, region } = request;
    const call = `${service.name}:${name}`;
    const target = operation.target(request);
    const refusal = (error: AwsError): WireAnswer => protocol.refusal(error, requestId);
    return {
      call,
      resource: target,
      permission: operation.open === true ? null : call,
      scope: `${account}/${region}`,
      quota: call,
      answer: () => {
        try {
          return protocol.answer(name, operation.answer(request), requestId);
        } catch (error) {
          return refusal(asAwsError(error));
        }
      },
      refuse: (reason) => refusal(refusalError(reason, { service: service.name, call, caller, account, target })),
      fail: (failure) => {
        const answer = refusal(serviceError(failure, service.name));
        if (failure !== "skewed-clock") {
          return answer;
        }
        // By the time of the answer a client can tell that its own clock is behind, and by how much.
        const date = new Date(this.#now() + clockSkew).toUTCString();
        return { ...answer, headers: { ...answer.headers, date } };
      },
    };
  }

  /** Counted and not drawn: the same run has the same ids. */
  #nextRequestId(): string {
    this.#requests += 1;
    return `00000000-0000-4000-8000-${String(this.#requests).padStart(12, "0")}`;
  }
}

/** What is no answer of AWS is a bug of the simulator, and goes on. */
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) {
    return error;
  }
  throw error;
}

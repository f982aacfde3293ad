/** What a request has under a condition key: from the request, the caller, the key asked about, or not known. */
import type { AwsAccessRequest, AwsContextValue } from "../../model/aws-access.ts";
import type { Fact } from "../../model/fact.ts";
import type { AddressRange } from "../addresses.ts";
import { formatDate } from "../dates.ts";
import { mayBeInRequest, operationOnlyKeys } from "./condition-keys.ts";
import type { AwsKeyAttributes } from "./key-attributes.ts";
import { findKmsAction } from "./kms-actions.ts";

/** A request with the key it is about and, where its caller has several addresses, the ones asked about now. */
export interface Question {
  readonly request: AwsAccessRequest;
  readonly key: AwsKeyAttributes;
  readonly address: AddressRange | null;
}

/** Beside what the model knows: one piece of a caller's address ranges, or any address that the caller likes. */
export type ContextValue =
  | AwsContextValue
  | { readonly state: "address"; readonly range: AddressRange }
  | { readonly state: "anywhere" };

export type ContextSource = (question: Question) => ContextValue;

const absent: AwsContextValue = { state: "absent" };
const unknown: AwsContextValue = { state: "unknown" };
const contextPrefix = "kms:encryptioncontext:";
const tagPrefix = "aws:resourcetag/";

/** Where the value of a condition key comes from; `key` in lower case, since AWS compares their names without regard to it. */
export function contextSource(key: string): ContextSource {
  if (key.startsWith(contextPrefix)) return encryptionContextPair(key.slice(contextPrefix.length));
  if (key.startsWith(tagPrefix)) return resourceTag(key.slice(tagPrefix.length));
  if (!mayBeInRequest(key)) return () => absent;
  const operations = operationOnlyKeys.get(key.split("/")[0] ?? key);
  if (operations !== undefined) {
    return (question) =>
      operations.has(question.request.operation.toLowerCase()) ? fromCaller(key, question) : absent;
  }
  const special = specialSources[key];
  return special ?? ((question) => fromCaller(key, question));
}

/** What only the caller could tell stays unknown where it does not. */
function fromCaller(key: string, { request, key: target }: Question): AwsContextValue {
  const said = request.caller.context[key];
  if (said !== undefined) return said;
  if (key === "kms:encryptionalgorithm" && target.spec.state === "known" && target.spec.value === "SYMMETRIC_DEFAULT") {
    return present("SYMMETRIC_DEFAULT");
  }
  return unknown;
}

const specialSources: Readonly<Record<string, ContextSource>> = {
  "kms:encryptioncontextkeys": ({ request }) => {
    const context = encryptionContextOf(request);
    if (context === "any") return unknown;
    const names = Object.keys(context);
    return names.length === 0 ? absent : { state: "present", values: names };
  },
  "aws:sourceip": ({ request, address }) => {
    const said = request.caller.context["aws:sourceip"];
    if (said !== undefined) return said;
    if (address !== null) return { state: "address", range: address };
    return request.caller.addresses === "anywhere" ? { state: "anywhere" } : unknown;
  },
  "aws:currenttime": ({ request }) => present(formatDate(request.at)),
  "aws:epochtime": ({ request }) => present(String(Math.floor(request.at / 1000))),
  "aws:requestedregion": ({ key }) => present(key.region),
  "aws:resourceaccount": ({ key }) => present(key.account),
  "aws:resourceorgid": ({ key }) =>
    key.organization_id.state === "known" ? attribute(key.organization_id) : ownOrganization,
  "kms:keyspec": ({ key }) => attribute(key.spec),
  "kms:customermasterkeyspec": ({ key }) => attribute(key.spec),
  "kms:keyusage": ({ key }) => attribute(key.usage),
  "kms:customermasterkeyusage": ({ key }) => attribute(key.usage),
  "kms:keyorigin": ({ key }) => attribute(key.origin),
  "kms:multiregion": ({ key }) => attribute(key.multi_region),
  "kms:multiregionkeytype": ({ key }) =>
    key.multi_region.state === "known" && !key.multi_region.value ? absent : unknown,
};

/** Not read, but the same one wherever it is compared with that of a caller of the key's own account. */
export const ownOrganization: AwsContextValue = {
  state: "form",
  form: "o-*",
  text: "o-of-the-key",
  optional: true,
  owner: "nobody",
};

const nothing: Readonly<Record<string, string>> = {};

/** Only operations with an encryption context show one to the policy, whatever else a caller sends. */
function encryptionContextOf(request: AwsAccessRequest): Readonly<Record<string, string>> | "any" {
  if (request.encryption_context === undefined) return nothing;
  return findKmsAction(request.operation)?.encryption_context === true ? request.encryption_context : nothing;
}

/** AWS KMS finds the pair without regard to case, since it is part of a condition key's name; the value keeps its case. */
function encryptionContextPair(name: string): ContextSource {
  return ({ request }) => {
    const context = encryptionContextOf(request);
    if (context === "any") return unknown;
    const values: string[] = [];
    for (const key of Object.keys(context)) {
      if (key.length === name.length && key.toLowerCase() === name) values.push(context[key] as string);
    }
    return values.length === 0 ? absent : { state: "present", values };
  };
}

function resourceTag(name: string): ContextSource {
  return ({ key }) => {
    if (key.tags.state !== "known") return unknown;
    const values = Object.entries(key.tags.value).filter(([tag]) => tag.toLowerCase() === name);
    // Tags that differ only in case: AWS documents that the outcome may be either.
    if (values.length > 1) return unknown;
    return values[0] === undefined ? absent : present(values[0][1]);
  };
}

function attribute(fact: Fact<string | boolean | null>): AwsContextValue {
  if (fact.state !== "known") return unknown;
  return fact.value === null ? absent : present(String(fact.value));
}

function present(value: string): AwsContextValue {
  return { state: "present", values: [value] };
}

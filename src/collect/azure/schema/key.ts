/** What is used of ARM's answers about keys, and nothing else: https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/keys */
import { z } from "zod";
import type { AzureDeletion, AzureKeyVersion } from "../../../model/azure.ts";
import type { Fact } from "../../../model/fact.ts";
import { known } from "../../../model/fact.ts";
import type { Json } from "../../../model/json.ts";
import type { Page } from "../../all-pages.ts";
import { field, optionalField, whole } from "../../field.ts";
import { anyObject, page, seconds, text, texts } from "./parts.ts";

/** The last part of `https://<host>/keys/<name>/<version>`. */
const versionOfUri = z
  .string()
  .regex(/\/keys\/[^/]+\/[^/]+$/, { error: "expected the address of a key version" })
  .transform((uri) => uri.slice(uri.lastIndexOf("/") + 1));

/** What makes a policy rotate is one of its actions; a policy may only notify. */
const rotationPolicy = z
  .object({ lifetimeActions: z.array(z.object({ action: z.object({ type: text }) })).nullish() })
  .transform(({ lifetimeActions }) => ({
    rotates: (lifetimeActions ?? []).some(({ action }) => action.type.toLowerCase() === "rotate"),
  }));

const noTags: Record<string, string> = {};

/** A key, which ARM tells as its current version. */
export function keyFacts(answer: unknown): Record<string, Fact<Json>> {
  const properties = (...path: readonly string[]) => ["properties", ...path];
  return {
    existence: known("present"),
    deletion: known(null),
    read_uri: field(answer, properties("keyUri"), text),
    current_version: field(answer, properties("keyUriWithVersion"), versionOfUri),
    key_type: field(answer, properties("kty"), text),
    key_size: sizeOf(answer),
    key_operations: within(answer, "properties", "keyOps", texts),
    enabled: field(answer, properties("attributes", "enabled"), z.boolean()),
    not_before: within(answer, "properties.attributes", "nbf", seconds),
    expires: within(answer, "properties.attributes", "exp", seconds),
    tags: orElse(optionalField(answer, ["tags"], z.record(z.string(), z.string())), noTags),
    rotation_policy: within(answer, "properties", "rotationPolicy", rotationPolicy),
  };
}

/** A key on a curve has the curve's name in place of a size; of any other, silence says nothing. */
function sizeOf(answer: unknown): Fact<number | null> {
  const size = [answer, ["properties", "keySize"], z.number().int()] as const;
  const type = field(answer, ["properties", "kty"], text);
  const isCurve = type.state === "known" && /^ec(-hsm)?$/i.test(type.value);
  return isCurve ? optionalField(...size) : field(...size);
}

/** A field that may be left out of an object that may not. */
function within<T extends Json>(answer: unknown, object: string, name: string, schema: z.ZodType<T>): Fact<T | null> {
  const path = object.split(".");
  const around = field(answer, path, anyObject);
  return around.state === "unreadable" ? around : optionalField(answer, [...path, name], schema);
}

function orElse<T>(fact: Fact<T | null>, otherwise: T): Fact<T> {
  return fact.state === "unreadable" ? fact : known(fact.value ?? otherwise);
}

const version = z
  .object({
    name: text,
    properties: z.object({
      attributes: z.object({
        enabled: z.boolean(),
        nbf: seconds.nullish(),
        exp: seconds.nullish(),
        created: seconds.nullish(),
      }),
    }),
  })
  .transform(
    ({ name, properties: { attributes } }) =>
      ({
        version: name,
        enabled: attributes.enabled,
        not_before: attributes.nbf ?? null,
        expires: attributes.exp ?? null,
        created: attributes.created ?? null,
      }) satisfies AzureKeyVersion,
  );

/** One page of the versions of a key. */
export function versionsPage(answer: unknown) {
  return page(answer, version) satisfies Page<AzureKeyVersion>;
}

/** One page of the names of a vault's keys, in lower case. */
export function keyNamesPage(answer: unknown): Page<string> {
  return page(
    answer,
    z.object({ name: text }).transform(({ name }) => name.toLowerCase()),
  );
}

const deletedKey = z.object({ deletedDate: seconds.nullish(), scheduledPurgeDate: seconds.nullish() }).transform(
  (one) =>
    ({
      of: "key",
      deleted: one.deletedDate ?? null,
      purged: one.scheduledPurgeDate ?? null,
    }) as const satisfies AzureDeletion,
);

/** https://learn.microsoft.com/en-us/rest/api/keyvault/keys/get-deleted-key/get-deleted-key */
export function deletedKeyFact(answer: unknown): Fact<Json> {
  return whole(answer, deletedKey);
}

import { z } from "zod";
import { keySchema, registrationSchema } from "../../config/registration-schema.ts";
import { type Key, keySources } from "../../model/key.ts";
import { providers } from "../../model/resource.ts";
import type { Score } from "../../model/score.ts";
import { asOfQuery, query } from "./query.ts";
import { scoreShape } from "./score.ts";
import { time, timeOrNull, timeSchema } from "./time.ts";

export const newKeySchema = keySchema.meta({
  id: "NewKey",
  description: "A key to register.",
  examples: [{ resource: "arn:aws:kms:us-east-2:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321" }],
});

export const keyChangesSchema = registrationSchema.meta({
  id: "KeyChanges",
  description: "Each given field takes the place of the old one, lists and labels as a whole; null is “not said”.",
});

function retiredQuery(description: string) {
  return z
    .enum(["true", "false"], { error: "true or false" })
    .transform((text) => text === "true")
    .default(false)
    .meta({ type: "boolean", enum: undefined, description });
}

export const keysQuery = query({
  as_of: asOfQuery,
  include_retired: retiredQuery("Also those that are watched no more."),
});

export const keyQuery = query({
  include_retired: retiredQuery("Where no key is watched under the name: the one that had it last."),
});

export const keyBodySchema = z
  .object({
    name: z.string(),
    provider: z.enum(providers),
    kind: z.string(),
    resource: z.string().describe("The provider's own full name of the key."),
    scope: z.string().describe("What shares a quota and shared facts."),
    account: z.string(),
    location: z.string().nullable(),
    source: z.enum(keySources).describe("Where it is registered; a key from the file changes only in the file."),
    compartments: z.array(z.string()),
    organizations: z.array(z.string()),
    expected_principals: z.array(z.string()),
    in_use_since: z.string().nullable(),
    role_arn: z.string().nullable(),
    azure: z
      .object({
        dedicated_vault: z.boolean(),
        tenant_id: z.string().nullable(),
        vault_resource_id: z.string().nullable(),
        service_principal_object_id: z.string().nullable(),
        client_id: z.string().nullable(),
      })
      .nullable(),
    guidance: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    registered_at: timeSchema,
    retired_at: timeSchema.nullable(),
    ...scoreShape,
    links: z.object({ self: z.string(), snapshot: z.string(), findings: z.string() }),
  })
  .meta({ id: "Key", description: "A registered key and what is expected of it." });

export const keysSchema = z.object({ as_of: timeSchema, keys: z.array(keyBodySchema) }).meta({ id: "Keys" });

/** `past`: it is told as it was at a moment, and may be retired by now. */
export function keyBody(
  key: Key,
  { score, unknown_share }: Score,
  { past = false }: { readonly past?: boolean } = {},
): z.output<typeof keyBodySchema> {
  const { name, provider, kind, resource, scope, account, location, source, registration } = key;
  const path = `/keys/${encodeURIComponent(name)}`;
  const isLive = key.retired_at === null && !past;
  return {
    name,
    provider,
    kind,
    resource,
    scope,
    account,
    location,
    source,
    compartments: [...registration.compartments],
    organizations: [...registration.organizations],
    expected_principals: [...registration.expected_principals],
    in_use_since: registration.in_use_since,
    role_arn: registration.role_arn,
    azure: registration.azure,
    guidance: registration.guidance,
    labels: { ...registration.labels },
    registered_at: time(key.registered_at),
    retired_at: timeOrNull(key.retired_at),
    score,
    unknown_share,
    links: {
      self: isLive ? path : `${path}?include_retired=true`,
      snapshot: `${path}/snapshot`,
      findings: `/findings?key=${encodeURIComponent(name)}`,
    },
  };
}

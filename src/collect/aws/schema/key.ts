/** What is used of AWS KMS's answers, and nothing else. Fields that are not named here may come and go. */
import { z } from "zod";
import type { AwsGrant, AwsRotation } from "../../../model/aws.ts";
import type { Fact } from "../../../model/fact.ts";
import { known } from "../../../model/fact.ts";
import type { Json } from "../../../model/json.ts";
import type { Page } from "../../all-pages.ts";
import { expected, field, optionalField, whole } from "../../field.ts";
import { text, time } from "./parts.ts";

// Every schema is made once: making one costs more than most answers take to be read.
const flag = z.boolean();
const policyText = z.string();
const expirationModel = z.enum(["KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"]);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html */
export function describeKeyFacts(answer: unknown): Record<string, Fact<Json>> {
  const of = <T extends Json>(name: string, schema: z.ZodType<T>) => field(answer, ["KeyMetadata", name], schema);
  const state = of("KeyState", text);
  const origin = of("Origin", text);
  const arn = of("Arn", text);
  return {
    // An answer that names no key proves none.
    existence: arn.state === "known" ? known("present") : arn,
    read_arn: arn,
    state,
    deletion_date: deletionDate(answer, state),
    spec: of("KeySpec", text),
    usage: of("KeyUsage", text),
    manager: of("KeyManager", text),
    origin,
    material_expires: materialExpires(answer, origin, state),
    multi_region: of("MultiRegion", flag),
  };
}

/** AWS reports the date exactly while deletion is pending: then its absence is a hole, otherwise it is null. */
function deletionDate(answer: unknown, state: Fact<Json>): Fact<Json> {
  const path = ["KeyMetadata", "DeletionDate"];
  if (state.state === "known" && state.value === "PendingDeletion") return field(answer, path, time);
  const date = optionalField(answer, path, time);
  return state.state === "unreadable" && date.state === "known" && date.value === null ? state : date;
}

/** Only imported material can expire; it says so in its expiration model. */
function materialExpires(answer: unknown, origin: Fact<Json>, state: Fact<Json>): Fact<Json> {
  if (origin.state === "unreadable") return origin;
  if (origin.value !== "EXTERNAL") return known(null);
  const path = ["KeyMetadata", "ExpirationModel"];
  const model = optionalField(answer, path, expirationModel);
  if (model.state === "unreadable") return model;
  if (model.value === "KEY_MATERIAL_EXPIRES") return field(answer, ["KeyMetadata", "ValidTo"], time);
  // Without material there is no model yet, and nothing to expire: with it, a missing model is a hole.
  const isWithout = state.state === "known" && state.value === "PendingImport";
  return model.value === null && !isWithout ? field(answer, path, expirationModel) : known(null);
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html */
export function keyPolicyFacts(answer: unknown): Record<string, Fact<Json>> {
  return { policy_text: field(answer, ["Policy"], policyText) };
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html */
export function rotationFacts(answer: unknown): Record<string, Fact<Json>> {
  return { rotation: whole(answer, rotation) };
}

const rotation = z
  .object({ KeyRotationEnabled: z.boolean(), RotationPeriodInDays: z.number().int().nullish() })
  .transform(
    (one) => ({ enabled: one.KeyRotationEnabled, period_days: one.RotationPeriodInDays ?? null }) satisfies AwsRotation,
  );

const context = z.record(z.string(), z.string()).nullish();

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html */
const grant = z
  .object({
    GrantId: text,
    Name: z.string().nullish(),
    GranteePrincipal: text.nullish(),
    GranteeServicePrincipal: text.nullish(),
    RetiringPrincipal: text.nullish(),
    RetiringServicePrincipal: text.nullish(),
    IssuingAccount: z
      .string()
      .regex(/^(arn:[\w-]+:iam::)?\d{12}(:root)?$/, { error: "expected an account" })
      .nullish(),
    Operations: z.array(text),
    Constraints: z.object({ EncryptionContextEquals: context, EncryptionContextSubset: context }).nullish(),
  })
  .transform((one, issues) => {
    const grantee = one.GranteePrincipal ?? one.GranteeServicePrincipal;
    if (grantee === undefined || grantee === null) {
      issues.addIssue({ code: "custom", message: `the grant ${one.GrantId} has no grantee` });
      return z.NEVER;
    }
    return {
      id: one.GrantId,
      name: one.Name === "" ? null : (one.Name ?? null),
      grantee,
      retiring: one.RetiringPrincipal ?? one.RetiringServicePrincipal ?? null,
      issuing_account: /\d{12}/.exec(one.IssuingAccount ?? "")?.[0] ?? null,
      operations: one.Operations.toSorted(),
      context_equals: one.Constraints?.EncryptionContextEquals ?? null,
      context_subset: one.Constraints?.EncryptionContextSubset ?? null,
    } satisfies AwsGrant;
  });

const grants = z.array(grant);

/** One page of ListGrants. Throws `Refused` where it is not as documented: a list with a hole is not known. */
export function grantsPage(answer: unknown) {
  return { items: expected(answer, ["Grants"], grants), next: nextMarker(answer) } satisfies Page<AwsGrant>;
}

const tags = z.array(z.object({ TagKey: z.string(), TagValue: z.string() }));

/** One page of ListResourceTags, as pairs. Throws `Refused` as `grantsPage` does. */
export function tagsPage(answer: unknown): Page<readonly [string, string]> {
  const listed = expected(answer, ["Tags"], tags);
  return { items: listed.map(({ TagKey, TagValue }) => [TagKey, TagValue]), next: nextMarker(answer) };
}

function nextMarker(answer: unknown): string | undefined {
  const truncated = expected(answer, ["Truncated"], flag);
  return truncated ? expected(answer, ["NextMarker"], text) : undefined;
}

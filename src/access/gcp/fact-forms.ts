/** Whether a value that comes from a file is of the type that a raw fact of a Cloud KMS key has. */
import type { GcpKmsKeyFacts } from "../../model/gcp-kms-key.ts";
import { type Form, flag, hasForm, list, mapOf, number, object, orNull, text, textMap, texts } from "../value-form.ts";
import type { DerivedGcpFact } from "./derive.ts";

/** What the registration is, its own schema says. */
type CheckedFact = Exclude<keyof GcpKmsKeyFacts, DerivedGcpFact | "registration">;

const expression = orNull(object({ title: orNull(text), expression: text }));
/** Counted from one; the numbers below the newest are gone through, so that none is beyond all measure. */
const versionNumber: Form = (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100_000;
const version = object({
  number: versionNumber,
  state: text,
  protection_level: text,
  algorithm: text,
  created: orNull(number),
  destroyed: orNull(number),
  imported: flag,
});
const policy = object({
  version: number,
  bindings: list(object({ role: text, members: texts, condition: expression })),
  audit_configs: list(object({ service: text, logs: list(object({ type: text, exempted: texts })) })),
});
const exclusions = list(object({ name: text, filter: text, disabled: flag }));
const perimeters = object({
  perimeters: list(
    object({
      name: text,
      title: text,
      resources: texts,
      restricted_services: texts,
      access_levels: texts,
      ingress: list(
        object({
          identity_type: orNull(text),
          identities: texts,
          source_access_levels: texts,
          source_resources: texts,
          target_resources: texts,
          operations: list(object({ service: text, selectors: texts })),
        }),
      ),
    }),
  ),
  access_levels: list(
    object({
      name: text,
      custom: orNull(text),
      combining: (value) => value === "AND" || value === "OR",
      conditions: list(
        object({ ip_ranges: texts, members: texts, required_levels: texts, negate: flag, asks_more: flag }),
      ),
    }),
  ),
});

const forms: Readonly<Record<CheckedFact, Form>> = {
  existence: (value) => value === "present" || value === "absent",
  read_name: text,
  purpose: text,
  primary: orNull(version),
  template: orNull(object({ protection_level: text, algorithm: text })),
  rotation: object({ period: orNull(number), next: orNull(number) }),
  destroy_delay: number,
  import_only: flag,
  labels: textMap,
  justifications: orNull(object({ allowed_reasons: texts })),
  key_policy: policy,
  versions: list(version),
  project: object({ id: text, number: text, state: text, parent: orNull(text) }),
  project_policy: policy,
  ancestors: texts,
  kms_service: object({ service: text, state: text }),
  billing: object({ enabled: flag, account: orNull(text) }),
  log_sinks: list(object({ name: text, destination: text, filter: text, disabled: flag, exclusions })),
  log_exclusions: exclusions,
  perimeters: orNull(perimeters),
  reads: object({ gcp_ancestors: flag, gcp_perimeters: flag, gcp_deny_policies: flag }),
};

/** Of facts that are read once for each of several things. */
const partForms: Readonly<Record<string, Form>> = {
  ring_policy: policy,
  folder_policy: policy,
  organization_policy: policy,
  role: object({ kms_permissions: texts, other_permissions: number, some_others: texts, deleted: flag }),
  effective_policy: object({
    rules: list(
      object({
        allow_all: flag,
        deny_all: flag,
        allowed_values: texts,
        denied_values: texts,
        enforced: orNull(flag),
        parameters: mapOf(texts),
        condition: expression,
      }),
    ),
  }),
  deny_policies: list(
    object({
      name: text,
      rules: list(
        object({
          denied_principals: texts,
          exception_principals: texts,
          denied_permissions: texts,
          exception_permissions: texts,
          condition: expression,
        }),
      ),
    }),
  ),
};

/** True of a fact that this version does not know: nothing reads it. */
export function isGcpFactValue(name: string, value: unknown): boolean {
  return hasForm({ facts: forms, parts: partForms }, name, value);
}

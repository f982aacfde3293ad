/** Whether a value that comes from a file is of the type that a raw fact of a KMS key has. */
import type { AwsKmsKeyFacts } from "../../model/aws.ts";
import { type Form, flag, hasForm, list, number, object, orNull, text, textMap, texts } from "../value-form.ts";
import type { DerivedAwsFact } from "./derive.ts";

/** What the registration is, its own schema says. */
type CheckedFact = Exclude<keyof AwsKmsKeyFacts, DerivedAwsFact | "registration">;

const forms: Readonly<Record<CheckedFact, Form>> = {
  existence: (value) => value === "present" || value === "absent",
  read_arn: text,
  state: text,
  deletion_date: orNull(number),
  spec: text,
  usage: text,
  manager: text,
  origin: text,
  material_expires: orNull(number),
  multi_region: flag,
  policy_text: text,
  tags: textMap,
  grants: list(
    object({
      id: text,
      name: orNull(text),
      grantee: text,
      retiring: orNull(text),
      issuing_account: orNull(text),
      operations: texts,
      context_equals: orNull(textMap),
      context_subset: orNull(textMap),
    }),
  ),
  rotation: object({ enabled: flag, period_days: orNull(number) }),
  trail_list: list(
    object({ arn: text, home_region: text, multi_region: flag, organization: flag, validates_log_files: flag }),
  ),
  organization_policies: orNull(
    object({
      organization_id: text,
      management_account: flag,
      levels: list(
        object({
          kind: text,
          id: text,
          name: orNull(text),
          policies: list(object({ id: text, name: text, text })),
        }),
      ),
    }),
  ),
  reads: object({ aws_organization: flag }),
};

/** Of facts that are read once for each trail. */
const partForms: Readonly<Record<string, Form>> = {
  trail_status: object({ logging: flag, delivery_error: orNull(text) }),
  trail_selectors: object({
    classic: orNull(list(object({ management_events: flag, read_write: text, excluded_sources: texts }))),
    advanced: orNull(
      list(
        object({
          name: orNull(text),
          fields: list(
            object({
              field: text,
              equals: texts,
              not_equals: texts,
              starts_with: texts,
              not_starts_with: texts,
              ends_with: texts,
              not_ends_with: texts,
            }),
          ),
        }),
      ),
    ),
  }),
};

/** True of a fact that this version does not know: nothing reads it. */
export function isAwsFactValue(name: string, value: unknown): boolean {
  return hasForm({ facts: forms, parts: partForms }, name, value);
}

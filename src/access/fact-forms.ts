import type { ResourceKind } from "../model/resource.ts";
import { isAwsFactValue } from "./aws/fact-forms.ts";

/** Whether a value that comes from a file is of the type that the raw fact of this name has. */
export const isFactValue = {
  "aws.kms-key": isAwsFactValue,
} satisfies Record<ResourceKind, (name: string, value: unknown) => boolean>;

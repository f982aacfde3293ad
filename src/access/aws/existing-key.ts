import type { AwsKmsKeyFacts } from "../../model/aws.ts";

/** The scope of every check that asks something of a key: where there is no key, there is nothing to ask. */
export const existingKey = {
  reads: ["existence"],
  excludes({ existence }: Pick<AwsKmsKeyFacts, "existence">): string | undefined {
    return existence === "absent" ? "the key does not exist" : undefined;
  },
} as const;

import type { GcpKmsKeyFacts } from "../../model/gcp-kms-key.ts";

/** The scope of every check that asks something of a key: where there is no key, there is nothing to ask. */
export const existingGcpKey = {
  reads: ["existence"],
  excludes({ existence }: Pick<GcpKmsKeyFacts, "existence">): string | undefined {
    return existence === "absent" ? "the key does not exist" : undefined;
  },
} as const;

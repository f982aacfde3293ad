import type { SnapshotDocument } from "../../src/audit/snapshot-document.ts";
import { awsGoldenSnapshots } from "./aws-golden-snapshots.ts";
import { azureGoldenSnapshots } from "./azure-golden-snapshots.ts";
import { gcpGoldenSnapshots } from "./gcp-golden-snapshots.ts";

/** The keys of the golden report, of every provider. */
export const goldenSnapshots: readonly SnapshotDocument[] = [
  ...awsGoldenSnapshots,
  ...gcpGoldenSnapshots,
  ...azureGoldenSnapshots,
];

import { earlierVersionsEnabled } from "../../../checks/gcp/earlier-versions-enabled.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import type { GcpKeyVersion } from "../../../src/model/gcp.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, gcpVersion, testGcpRegistration } from "../../support/gcp-kms-key.ts";

const may = Date.UTC(2026, 4, 1);
const september = Date.UTC(2026, 8, 1);
const newest = gcpVersion({ number: 3 });

/** A key whose third version is primary, with what its first ones are. */
const withEarlier = (versions: readonly Partial<GcpKeyVersion>[], in_use_since: string | null = null) =>
  gcpKmsKey({
    primary: known(newest),
    versions: known([...versions.map((version) => gcpVersion(version)), newest]),
    registration: known({ ...testGcpRegistration, in_use_since }),
  });
const first = { number: 1 };

testCheck(earlierVersionsEnabled, {
  pass: [
    { name: "all enabled", resource: withEarlier([first, { number: 2 }]) },
    { name: "only one version", resource: gcpKmsKey() },
    {
      name: "a primary one that is newer than the list",
      resource: gcpKmsKey({ primary: known(newest), versions: known([gcpVersion(), gcpVersion({ number: 2 })]) }),
    },
    { name: "one that was never generated", resource: withEarlier([first, { number: 2, state: "GENERATION_FAILED" }]) },
    { name: "one that is being generated", resource: withEarlier([first, { number: 2, state: "PENDING_GENERATION" }]) },
    { name: "one that was never imported", resource: withEarlier([first, { number: 2, state: "IMPORT_FAILED" }]) },
    { name: "one to be imported", resource: withEarlier([first, { number: 2, state: "PENDING_IMPORT" }]) },
    {
      name: "one that was destroyed before the key came into use",
      resource: withEarlier([{ number: 1, state: "DESTROYED", destroyed: may }, { number: 2 }], "2026-07-01"),
      message: "gone before 2026-07-01: 1",
    },
    {
      name: "the primary one is off: another check says so",
      resource: gcpKmsKey({
        primary: known(gcpVersion({ state: "DISABLED" })),
        versions: known([gcpVersion({ state: "DISABLED" })]),
      }),
    },
  ],
  fail: [
    {
      name: "disabled",
      resource: withEarlier([{ number: 1, state: "DISABLED" }, { number: 2 }]),
      message: "version 1 is in state DISABLED",
    },
    {
      name: "to be destroyed",
      resource: withEarlier([first, { number: 2, state: "DESTROY_SCHEDULED", destroyed: september }]),
      message: "DESTROY_SCHEDULED (2026-09-01T00:00:00Z)",
    },
    {
      name: "destroyed, and nobody said since when the key is in use",
      resource: withEarlier([{ number: 1, state: "DESTROYED", destroyed: may }, { number: 2 }]),
      message: "DESTROYED",
    },
    {
      name: "destroyed after the key came into use",
      resource: withEarlier([{ number: 1, state: "DESTROYED", destroyed: september }, { number: 2 }], "2026-07-01"),
      message: "version 1 is in state DESTROYED",
    },
    {
      name: "destroyed, and not told when",
      resource: withEarlier([{ number: 1, state: "DESTROYED" }, { number: 2 }], "2026-07-01"),
      message: "DESTROYED",
    },
    {
      name: "disabled before the key came into use, with data or not",
      resource: withEarlier([{ number: 1, state: "DISABLED" }, { number: 2 }], "2026-07-01"),
      message: "DISABLED",
    },
    { name: "deleted", resource: withEarlier([{ number: 2 }]), message: "version 1 is not listed any more" },
    {
      name: "deleted, like all others that are before the primary one",
      resource: gcpKmsKey({ primary: known(newest), versions: known([]) }),
      message: "version 1 is not listed any more: it was deleted; version 2 is not listed any more",
    },
    {
      name: "one newer than the primary one",
      resource: gcpKmsKey({ versions: known([gcpVersion(), gcpVersion({ number: 2, state: "DISABLED" })]) }),
      message: "version 2 is in state DISABLED",
    },
    {
      name: "a state that is not invented yet",
      resource: withEarlier([{ number: 1, state: "HIBERNATING" }, { number: 2 }]),
      message: "HIBERNATING",
    },
  ],
  "not-applicable": [
    { name: "no such key", resource: gcpKmsKey({ existence: known("absent"), versions: unreadable("not-found", "") }) },
  ],
  unknown: [
    {
      name: "deleted, and nobody knows whether that was before the key came into use",
      resource: withEarlier([{ number: 2 }], "2026-07-01"),
      message: "version 1, which was deleted",
    },
    { name: "the versions may not be listed", resource: gcpKmsKey({ versions: unreadable("access-denied", "") }) },
    { name: "the primary one is not reported", resource: gcpKmsKey({ primary: unreadable("not-reported", "") }) },
  ],
});

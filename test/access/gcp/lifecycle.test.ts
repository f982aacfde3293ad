import { describe, expect, it } from "vitest";
import { gcpKeyLifecycle } from "../../../src/access/gcp/lifecycle.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { gcpVersion } from "../../support/gcp-kms-key.ts";

const refused = unreadable("access-denied", "refused");
const present = { existence: known("present") };

describe("gcpKeyLifecycle", () => {
  it.each([
    ["ENABLED", "enabled"],
    ["DISABLED", "disabled"],
    ["DESTROY_SCHEDULED", "pending-deletion"],
    ["DESTROYED", "deleted"],
    ["PENDING_IMPORT", "pending-import"],
    ["PENDING_GENERATION", "unavailable"],
    ["IMPORT_FAILED", "unavailable"],
    ["NOT_INVENTED_YET", "unavailable"],
  ])("calls a key whose primary version is %s %s", (state, lifecycle) => {
    expect(gcpKeyLifecycle({ ...present, primary: known(gcpVersion({ state })) })).toEqual(known(lifecycle));
  });

  it("knows a key that is gone without its versions, and one without a primary version", () => {
    expect(gcpKeyLifecycle({ existence: known("absent"), primary: refused })).toEqual(known("deleted"));
    expect(gcpKeyLifecycle({ ...present, primary: known(null) })).toEqual(known("unavailable"));
  });

  it("does not know a key that could not be read", () => {
    expect(gcpKeyLifecycle({ existence: refused, primary: known(gcpVersion()) })).toEqual(refused);
    expect(gcpKeyLifecycle({ ...present, primary: refused })).toEqual(refused);
    expect(gcpKeyLifecycle({})).toMatchObject({ reason: "not-read-yet" });
  });
});

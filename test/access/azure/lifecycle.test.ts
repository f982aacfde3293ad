import { describe, expect, it } from "vitest";
import { azureKeyLifecycle } from "../../../src/access/azure/lifecycle.ts";
import { known, unreadable } from "../../../src/model/fact.ts";

const refused = unreadable("access-denied", "refused");
const deletion = known({ of: "vault", deleted: null, purged: null });

describe("azureKeyLifecycle", () => {
  it.each([
    ["enabled", { existence: known("present"), enabled: known(true) }],
    ["disabled", { existence: known("present"), enabled: known(false) }],
    ["pending-deletion", { existence: known("absent"), deletion, enabled: refused }],
    ["deleted", { existence: known("absent"), deletion: known(null) }],
    ["deleted", { existence: known("absent"), deletion: refused }],
  ])("calls it %s", (lifecycle, facts) => {
    expect(azureKeyLifecycle(facts)).toEqual(known(lifecycle));
  });

  it("does not know a key that could not be read", () => {
    expect(azureKeyLifecycle({ existence: refused, enabled: known(true) })).toEqual(refused);
    expect(azureKeyLifecycle({ existence: known("present"), enabled: refused })).toEqual(refused);
  });
});

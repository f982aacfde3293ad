import { describe, expect, it } from "vitest";
import { operationClassOf, operationsOfRole } from "../../../src/access/gcp/role-operations.ts";
import { documentedGcpPermissions } from "../../../src/guidance/gcp-roles.ts";
import { gcpRole } from "../../support/gcp-kms-key.ts";

describe("operationClassOf", () => {
  it.each([
    ["cloudkms.cryptoKeyVersions.useToEncrypt", "use"],
    ["cloudkms.cryptoKeyVersions.useToDecryptViaDelegation", "use"],
    ["cloudkms.cryptoKeyVersions.useToSign", "use"],
    ["cloudkms.cryptoKeyVersions.manageRawAesCbcKeys", "use"],
    ["cloudkms.cryptoKeys.setIamPolicy", "policy"],
    ["cloudkms.keyRings.setIamPolicy", "policy"],
    ["resourcemanager.projects.setIamPolicy", "policy"],
    ["resourcemanager.folders.setIamPolicy", "policy"],
    ["resourcemanager.organizations.setIamPolicy", "policy"],
    ["cloudkms.cryptoKeyVersions.destroy", "destroy"],
    ["cloudkms.cryptoKeyVersions.update", "destroy"],
    ["cloudkms.cryptoKeyVersions.create", "destroy"],
    ["cloudkms.cryptoKeys.update", "destroy"],
    ["cloudkms.cryptoKeys.delete", "destroy"],
    ["cloudkms.cryptoKeys.get", "view"],
    ["cloudkms.cryptoKeys.getIamPolicy", "view"],
    ["cloudkms.cryptoKeyVersions.viewPublicKey", "view"],
    ["cloudkms.importJobs.setIamPolicy", "view"],
    ["cloudkms.notInventedYet.do", "view"],
    ["storage.buckets.setIamPolicy", undefined],
    ["resourcemanager.projects.get", undefined],
    ["", undefined],
  ])("%s is %s", (permission, kind) => {
    expect(operationClassOf(permission)).toBe(kind);
  });
});

describe("operationsOfRole", () => {
  it("sorts what the administrator's role permits", () => {
    const { use, policy, destroy } = operationsOfRole(gcpRole(documentedGcpPermissions["roles/cloudkms.admin"] ?? []));
    expect(use).toHaveLength(2);
    expect(policy).toEqual(["cloudkms.cryptoKeys.setIamPolicy", "cloudkms.keyRings.setIamPolicy"]);
    expect(destroy).toContain("cloudkms.cryptoKeyVersions.destroy");
  });

  it("counts what is named of other services", () => {
    const role = gcpRole(["resourcemanager.projects.setIamPolicy", "storage.objects.get"]);
    expect(operationsOfRole(role)).toEqual({
      use: [],
      policy: ["resourcemanager.projects.setIamPolicy"],
      destroy: [],
      view: [],
    });
  });

  it("gives nothing by a role that was deleted", () => {
    const role = gcpRole(["cloudkms.cryptoKeyVersions.useToDecrypt"], { deleted: true });
    expect(operationsOfRole(role)).toEqual({ use: [], policy: [], destroy: [], view: [] });
  });
});

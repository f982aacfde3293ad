import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findKmsAction, kmsActions, symmetricKeyOperations } from "../../../src/access/aws/kms-actions.ts";

const commands = new URL("../../../node_modules/@aws-sdk/client-kms/dist-types/commands/", import.meta.url);

/** What the SDK's own copy of the API reference says of each operation. */
const documented = readdirSync(commands)
  .filter((file) => file.endsWith("Command.d.ts"))
  .map((file) => {
    const text = readFileSync(new URL(file, commands), "utf8");
    const operation = file.slice(0, -"Command.d.ts".length);
    return { operation, crossAccount: /Cross-account use<\/b>:\s*(Yes|No)/.exec(text)?.[1] };
  });

describe("kmsActions", () => {
  it("holds every operation of the API, with its cross-account use", () => {
    expect(documented.length).toBeGreaterThan(50);
    for (const { operation, crossAccount } of documented) {
      // The one operation that needs two permissions of its own name.
      const names = operation === "ReEncrypt" ? ["ReEncryptFrom", "ReEncryptTo"] : [operation];
      for (const name of names) {
        const action = findKmsAction(`kms:${name}`);
        expect(action, name).toBeDefined();
        if (crossAccount !== undefined) expect(action?.cross_account, name).toBe(crossAccount === "Yes");
      }
    }
  });

  it("holds one action that no operation is named after", () => {
    const operations = new Set(documented.map(({ operation }) => `kms:${operation}`));
    const others = kmsActions.filter(({ name }) => !operations.has(name)).map(({ name }) => name);
    expect(others).toEqual(["kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:SynchronizeMultiRegionKey"]);
  });

  it("gives a symmetric key neither signatures nor key agreement", () => {
    for (const name of ["kms:Sign", "kms:VerifyMac", "kms:DeriveSharedSecret", "kms:GetPublicKey", "kms:CreateKey"]) {
      expect(symmetricKeyOperations).not.toContain(name);
    }
    expect(symmetricKeyOperations).toContain("kms:ReEncryptFrom");
  });

  it("is found without regard to case", () => {
    expect(findKmsAction("KMS:decrypt")?.name).toBe("kms:Decrypt");
    expect(findKmsAction("kms:Fly")).toBeUndefined();
  });
});

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { externalSuite } from "./external-suite.ts";

const folder = join(import.meta.dirname, "../../docs/permissions/terraform");

externalSuite("terraform", { needs: ["terraform"] }, () => {
  it("finds nothing to format in the modules, and so nothing that it could not read", () => {
    const { status, stdout } = spawnSync("terraform", ["fmt", "-check", "-diff", "-recursive", folder], {
      encoding: "utf8",
    });

    expect(stdout).toBe("");
    expect(status).toBe(0);
  });
});

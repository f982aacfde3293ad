import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { runCli, startCli } from "../support/run-cli.ts";

describe("keyposture checks", { timeout: 30_000 }, () => {
  it("tells of one check all facts that it looks at, and each permission once", async () => {
    const { code, stdout } = await runCli(["checks", "gcp/no-public-access"]);
    const line = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(stdout)?.[1]?.split(", ") ?? [];

    expect(code).toBe(0);
    expect(line("Facts")).toEqual(expect.arrayContaining(["existence", "key_access", "ancestor_access"]));
    expect(line("Permissions")).toContain("resourcemanager.projects.get");
    for (const name of ["Facts", "Permissions"]) expect(line(name)).toEqual([...new Set(line(name))]);
  });

  it("ends without a word where nobody reads on", async () => {
    const cli = startCli(["checks"]);
    cli.child.stdout.destroy();
    await once(cli.child, "close");

    expect(cli.stderr()).toBe("");
  });
});

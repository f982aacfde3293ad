import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LoadOptions, loadConfig } from "../../src/config/load-config.ts";

let directory: string;
let empty: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "keyposture-config-"));
  empty = await mkdtemp(join(tmpdir(), "keyposture-config-"));
  await writeFile(join(directory, "keyposture.yaml"), "database: standard.db\n");
  await writeFile(join(directory, "env.yaml"), "database: env.db\n");
  await writeFile(join(directory, "option.yaml"), "\uFEFFdatabase: ${NAME}.db\n");
  await writeFile(join(directory, "wrong.yaml"), "databse: x\nlog: {level: loud}\n");
  await writeFile(join(directory, "binary.yaml"), Uint8Array.of(0x64, 0xff, 0xfe));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
  await rm(empty, { recursive: true });
});

function load(options: Partial<LoadOptions>) {
  return loadConfig({ env: {}, cwd: directory, knownCalls: [], ...options });
}

describe("loadConfig", () => {
  it("takes --config first, then KEYPOSTURE_CONFIG, then ./keyposture.yaml", async () => {
    const env = { KEYPOSTURE_CONFIG: "env.yaml", NAME: "option" };
    expect(await load({ env, path: "option.yaml" })).toMatchObject({ ok: true, config: { database: "option.db" } });
    expect(await load({ env })).toMatchObject({ ok: true, config: { database: "env.db" } });
    expect(await load({})).toMatchObject({ ok: true, config: { database: "standard.db" } });
    expect(await load({ env: { KEYPOSTURE_CONFIG: "" } })).toMatchObject({ config: { database: "standard.db" } });
  });

  it("says which file it read", async () => {
    expect(await load({})).toMatchObject({ file: join(directory, "keyposture.yaml") });
    expect(await load({ path: join(directory, "env.yaml"), cwd: empty })).toMatchObject({
      file: join(directory, "env.yaml"),
    });
  });

  it("refuses a named file that is missing, also where the file is optional", async () => {
    for (const named of [{ path: "no.yaml" }, { env: { KEYPOSTURE_CONFIG: "no.yaml" } }]) {
      const detail = `there is no file ${join(directory, "no.yaml")}`;
      expect(await load({ ...named, optional: true })).toMatchObject({
        ok: false,
        error: { code: "config-not-found", detail },
      });
    }
  });

  it("shows how to write one where there is none", async () => {
    const loaded = await load({ cwd: empty });
    expect(loaded).toMatchObject({ ok: false, error: { code: "config-not-found" } });
    expect(loaded.ok ? "" : loaded.error.detail).toContain("keys:\n  - resource: arn:aws:kms:");
  });

  it("goes on with the defaults where there is none and none is needed", async () => {
    expect(await load({ cwd: empty, optional: true })).toMatchObject({ ok: true, file: null, config: { keys: [] } });
  });

  it("lists every mistake", async () => {
    const loaded = await load({ path: "wrong.yaml" });
    expect(loaded).toMatchObject({
      ok: false,
      error: {
        code: "config-invalid",
        detail: "wrong.yaml has 2 mistakes",
        errors: [
          { path: "databse", detail: expect.stringMatching(/^wrong\.yaml:1:1: databse: unknown name/) },
          { path: "log.level", detail: expect.stringMatching(/^wrong\.yaml:2:14: log\.level: expected one of/) },
        ],
      },
    });
  });

  it("tells what cannot be read from what is not there", async () => {
    expect(await load({ path: "." })).toMatchObject({
      ok: false,
      error: { code: "config-unreadable", detail: `${directory} is a directory; expected the path of a file` },
    });
    expect(await load({ path: "binary.yaml" })).toMatchObject({
      ok: false,
      error: { code: "config-unreadable", detail: `${join(directory, "binary.yaml")} is not UTF-8 text` },
    });
  });

  it("says plainly that a file may not be read", async () => {
    const file = join(directory, "closed.yaml");
    await writeFile(file, "");
    await chmod(file, 0o000);
    // The owner of everything may read everything.
    const mayReadAll = process.geteuid?.() === 0;
    if (mayReadAll) {
      await chmod(directory, 0o755);
      process.seteuid?.(65_534);
    }
    try {
      expect(await load({ path: "closed.yaml" })).toMatchObject({
        ok: false,
        error: { code: "config-unreadable", detail: `there is no permission to read ${file}` },
      });
    } finally {
      if (mayReadAll) process.seteuid?.(0);
    }
  });
});

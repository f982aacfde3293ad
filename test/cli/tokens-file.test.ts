import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openTokensFile } from "../../src/cli/tokens-file.ts";

const entry = (name: string) => `- {name: ${name}, role: viewer, sha256: ${name.repeat(64)}}\n`;

function fileOfTest(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-tokens-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "tokens.yaml");
  writeFileSync(path, text);
  const logged: [level: string, fields: object][] = [];
  const at = (level: string) => (fields: object) => void logged.push([level, fields]);
  return { folder, path, logged, log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") } };
}

const names = (file: { tokens(): readonly { readonly name: string }[] }) => file.tokens().map(({ name }) => name);

describe("the file of tokens", () => {
  it("that is broken at the start is a mistake of the configuration", async () => {
    const { path, log } = fileOfTest("- {name: a}");
    await expect(openTokensFile(path, log)).rejects.toMatchObject({ code: "config-invalid" });
    await expect(openTokensFile(`${path}.gone`, log)).rejects.toMatchObject({ code: "config-unreadable" });
  });

  it("is taken over when it has changed, and a broken or missing one is not", async () => {
    const { path, log, logged } = fileOfTest(entry("a"));
    const file = await openTokensFile(path, log);
    await file.look();
    expect(logged).toEqual([]);

    writeFileSync(path, entry("a") + entry("b"));
    await file.look();
    expect(names(file)).toEqual(["a", "b"]);

    writeFileSync(path, "- {name: a, role: hunter2}");
    await file.look();
    await file.look();
    rmSync(path);
    await file.look();
    await file.look();
    expect(names(file)).toEqual(["a", "b"]);

    writeFileSync(path, entry("b"));
    await file.look();
    expect(names(file)).toEqual(["b"]);
    expect(logged.map(([level]) => level)).toEqual(["info", "error", "error", "info"]);
    expect(JSON.stringify(logged)).not.toContain("hunter2");
  });

  it("is followed where a link to its folder is turned around, as Kubernetes does", async () => {
    const { folder, log } = fileOfTest("[]");
    for (const name of ["a", "b"]) {
      mkdirSync(join(folder, `..${name}`));
      writeFileSync(join(folder, `..${name}`, "t"), entry(name));
    }
    symlinkSync("..a", join(folder, "..data"));
    symlinkSync("..data/t", join(folder, "t"));
    const file = await openTokensFile(join(folder, "t"), log);
    symlinkSync("..b", join(folder, "..tmp"));
    renameSync(join(folder, "..tmp"), join(folder, "..data"));
    await file.look();
    expect(names(file)).toEqual(["b"]);
  });

  it("is looked at by itself, until it is closed", async () => {
    const { path, log } = fileOfTest(entry("a"));
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const file = await openTokensFile(path, log);
    file.watch();
    writeFileSync(path, entry("b"));
    vi.advanceTimersByTime(29_999);
    expect(names(file)).toEqual(["a"]);
    vi.advanceTimersByTime(1);
    await expect.poll(() => names(file)).toEqual(["b"]);
    file.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("remembers when its tokens were used", async () => {
    const { path, log } = fileOfTest(entry("a") + entry("b"));
    const file = await openTokensFile(path, log);
    file.used("file:a", 7);
    expect(file.tokens().map(({ last_used_at }) => last_used_at)).toEqual([7, null]);
  });
});

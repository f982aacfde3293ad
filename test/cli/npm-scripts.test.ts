/** What the documentation runs in a checkout: the commands by way of npm. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const root = join(import.meta.dirname, "../..");

/** npm in a process group of its own, so that nothing is left of it, whatever the test finds. */
function startNpm(args: readonly string[]) {
  const child = spawn("npm", args, { cwd: root, detached: true, stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // Nothing is left of the group.
    }
  });
  return child;
}

// npm hands the signal to the shell that it started, and to nobody else.
it("ends the service with the npm that started it, in order", async () => {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const config = join(folder, "keyposture.yaml");
  writeFileSync(config, `database: ${join(folder, "keyposture.db")}\nserver: {port: 0}\n`);

  const npm = startNpm(["run", "-s", "keyposture", "--", "serve", "--config", config]);
  let log = "";
  let told = false;
  npm.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
    if (!told && log.includes('"msg":"database opened"')) told = npm.kill("SIGTERM");
  });
  await once(npm.stderr, "close");

  expect(log).toContain('"msg":"stopped"');
});

import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { newTokenText } from "../../src/http/auth/token-text.ts";
import { everything } from "../store/support/database-file.ts";
import { runCli, startCli } from "../support/run-cli.ts";

const textForm = /^kp_([a-z2-7]{12})_[\w-]{43}\n$/;
const day = 86_400_000;

interface ListedToken {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}

/** A folder with a configuration of its own, and the command in it. */
function place(config: object = {}) {
  const cwd = mkdtempSync(join(tmpdir(), "keyposture-token-test-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const database = join(cwd, "keyposture.db");
  writeFileSync(join(cwd, "keyposture.yaml"), JSON.stringify({ database, ...config }));
  const token = (...args: readonly string[]) => runCli(["token", ...args], { cwd });
  const create = (name: string, role: string, ...more: readonly string[]) =>
    token("create", "--name", name, "--role", role, ...more);
  const list = async () => JSON.parse((await token("list", "--format", "json")).stdout) as readonly ListedToken[];
  return { cwd, database, token, create, list };
}

describe("keyposture token create", { timeout: 60_000 }, () => {
  it("writes the text on standard output, this once, and keeps its hash", async () => {
    const { create, database, list } = place({ server: { auth: "tokens" } });
    const before = Date.now();
    const { code, stdout, stderr } = await create("ci", "operator");

    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(textForm) });
    const [, id = ""] = textForm.exec(stdout) ?? [];
    expect(stderr).toMatch(new RegExp(`^token ${id}: ci, operator, expires at \\S+; its text is shown this once\n`));
    const rows = everything(database)["token"];
    expect(rows).toMatchObject([{ id, sha256: createHash("sha256").update(stdout.trim()).digest("hex") }]);
    expect(JSON.stringify(everything(database))).not.toContain(stdout.trim());
    const [listed] = await list();
    expect(listed).toMatchObject({ id, name: "ci", role: "operator", state: "live", last_used_at: null });
    const lifetime = Date.parse(listed?.expires_at ?? "") - before;
    expect(Math.round(lifetime / day)).toBe(90);
  });

  it("says that it made the database, where the configuration's was not there", async () => {
    const { create, database } = place({ server: { auth: "tokens" } });
    const [first, second] = [await create("a", "viewer"), await create("b", "viewer")];
    expect(first.stderr).toContain(`\nthere was no database yet: ${database} was made\n`);
    expect(second.stderr).not.toContain("database");
  });

  it("says so where nobody is asked for it", async () => {
    const { stderr } = await place().create("ci", "viewer");
    expect(stderr).toContain("\nnobody is asked for it as long as server.auth is none\n");
  });

  it.each([
    ["never", null],
    ["2999-01-31", "2999-01-31T00:00:00.000Z"],
    ["2999-01-31T12:00:00+01:00", "2999-01-31T11:00:00.000Z"],
  ])("makes one that expires %s", async (expires, told) => {
    const { create, list } = place();
    expect((await create("ci", "viewer", "--expires", expires)).code).toBe(0);
    expect(await list()).toMatchObject([{ expires_at: told }]);
  });

  it.each([
    [["--role", "viewer"], "--name"],
    [["--name", "ci"], "--role"],
    [["--name", "ci", "--role", "root"], "viewer, operator, admin"],
    [["--name", "a b", "--role", "viewer"], "1 to 63 letters"],
    [["--name", "ci", "--role", "viewer", "--expires", "soon"], "a duration such as"],
    [["--name", "ci", "--role", "viewer", "--expires", "2020-01-01"], "in the future"],
    [["--name", "ci", "--role", "viewer", "--expires", "0d"], "in the future"],
    [["--name", "ci", "--role", "viewer", "--expires", "9000000000000d"], "a duration such as"],
  ])("refuses %j", async (args, said) => {
    const { token, database } = place();
    expect(await token("create", ...args)).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(said),
    });
    expect(existsSync(database)).toBe(false);
  });

  it("gives a name once, however many ask for it", async () => {
    const { create, list } = place();
    const runs = await Promise.all(Array.from({ length: 3 }, () => create("ci", "viewer")));
    expect(runs.filter(({ code }) => code === 0)).toHaveLength(1);
    const refused = runs.find(({ code }) => code === 2);
    expect(refused).toMatchObject({ stdout: "", stderr: "keyposture: a live token has the name ci\n" });
    expect(await list()).toHaveLength(1);
  });

  it("with --hash-only stores nothing, and writes an entry for a file that the service takes", async () => {
    const { create, cwd, database, token } = place();
    const { code, stdout, stderr } = await create("ci", "admin", "--hash-only", "--expires", "2999-01-31");
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(textForm) });
    expect(stderr).not.toContain("kp_");
    expect(existsSync(database)).toBe(false);

    const forever = await create("other", "viewer", "--hash-only", "--expires", "never");
    writeFileSync(join(cwd, "tokens.yaml"), stderr + forever.stderr);
    const server = { port: 0, auth: "tokens", tokens_file: "tokens.yaml" };
    writeFileSync(join(cwd, "keyposture.yaml"), JSON.stringify({ database, server }));
    expect(await runCli(["serve", "--check-config"], { cwd })).toMatchObject({ code: 0 });
    expect(await token("list", "--format", "json")).toMatchObject({ stdout: "[]\n" });
  });
});

describe("keyposture token revoke", { timeout: 60_000 }, () => {
  it("takes a name or an id, and says what it did", async () => {
    const { create, list, token } = place();
    await create("a", "viewer");
    await create("b", "viewer");
    const ids = Object.fromEntries((await list()).map(({ name, id }) => [name, id]));

    expect(await token("revoke", "a")).toEqual({ code: 0, stdout: "", stderr: `token ${ids["a"]}: a, revoked\n` });
    expect(await token("revoke", ids["b"] ?? "")).toMatchObject({ code: 0 });
    expect(await token("revoke", ids["b"] ?? "")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("already"),
    });
    expect(await token("revoke", "a")).toMatchObject({ code: 2, stderr: expect.stringContaining("no live one") });
    expect((await list()).map(({ state }) => state)).toEqual(["revoked", "revoked"]);
    const table = (await token("list")).stdout.split("\n");
    expect(table[0]).toMatch(/^ID +NAME +ROLE +STATE +CREATED +EXPIRES +LAST USED$/);
    expect(table[1]).toMatch(new RegExp(`^${ids["a"]} +a +viewer +revoked +\\S+Z +\\S+Z +never$`));
  });

  it("does not repeat a token that was given for its name", async () => {
    const { token } = place();
    const { text, id } = newTokenText();
    for (const args of [["revoke", text], [text], ["revoke", "a", text], ["create", "--name", text, "--role", text]]) {
      const { code, stderr } = await token(...args);
      expect(code).toBe(2);
      expect(stderr).not.toContain(text.slice(17));
      if (args.length === 2) expect(stderr).toContain(id);
    }
  });
});

describe("without a configuration", { timeout: 60_000 }, () => {
  it.each([["create", "--name", "ci", "--role", "viewer"], ["list"], ["revoke", "ci"]])(
    "%s makes no database where it stands",
    async (...args) => {
      const { cwd, database, token } = place();
      rmSync(join(cwd, "keyposture.yaml"));
      const { code, stdout, stderr } = await token(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(`there is no database ${database}, and no configuration that names another`);
      expect(stderr).toContain("--config");
      expect(existsSync(database)).toBe(false);
    },
  );

  it("the database of the folder is taken where there is one", async () => {
    const { cwd, create, list } = place();
    await create("ci", "viewer");
    rmSync(join(cwd, "keyposture.yaml"));
    expect(await create("other", "viewer")).toMatchObject({ code: 0, stdout: expect.stringMatching(textForm) });
    expect((await list()).map(({ name }) => name)).toEqual(["ci", "other"]);
  });

  it("an entry for a file can be made anywhere", async () => {
    const { cwd, create, database } = place();
    rmSync(join(cwd, "keyposture.yaml"));
    expect(await create("ci", "viewer", "--hash-only")).toMatchObject({ code: 0 });
    expect(existsSync(database)).toBe(false);
  });
});

describe("a configuration with a file of tokens", { timeout: 60_000 }, () => {
  it.each([
    ["broken", "- {name: a, role: hunter2}", "tokens.yaml:1:19: [0].role: expected one of"],
    ["missing", undefined, "there is no file tokens.yaml, which server.tokens_file names"],
  ])("that is %s is refused at the start", async (_, text, said) => {
    const { cwd } = place({ server: { port: 0, auth: "tokens", tokens_file: "tokens.yaml" } });
    if (text !== undefined) writeFileSync(join(cwd, "tokens.yaml"), text);
    for (const args of [["serve"], ["serve", "--check-config"]]) {
      const { code, stderr } = await runCli(args, { cwd });
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) });
      expect(stderr).not.toContain("hunter2");
    }
  });
});

describe("the service, asking for tokens", { timeout: 60_000 }, () => {
  it("lets in whom the command and the file let in, and nobody any more once they are revoked", async () => {
    const { cwd, create, list, token } = place({
      log: { level: "debug" },
      server: { port: 0, auth: "tokens", tokens_file: "tokens.yaml" },
    });
    const ofFile = newTokenText();
    writeFileSync(join(cwd, "tokens.yaml"), `- {name: prometheus, role: viewer, sha256: "${ofFile.sha256}"}`);
    const { url, log, stop } = await serve(cwd);
    const status = async (text: string, path = "/keys") =>
      (await fetch(url + path, { headers: { authorization: `Bearer ${text}` } })).status;

    const text = (await create("ci", "admin")).stdout.trim();
    expect(await status(text, "/tokens")).toBe(200);
    expect(await status(ofFile.text)).toBe(200);
    expect(await status(ofFile.text, "/tokens")).toBe(403);
    expect(await status(newTokenText().text)).toBe(401);
    await expect.poll(async () => (await list())[0]?.last_used_at, { timeout: 20_000 }).toMatch(/Z$/);
    await token("revoke", "ci");
    expect(await status(text)).toBe(401);
    const many = await Promise.all(Array.from({ length: 61 }, () => status("garbage")));
    expect(many.filter((one) => one === 429).length).toBeGreaterThanOrEqual(1);
    expect(await status(ofFile.text)).toBe(200);
    expect(await stop()).toBe(0);
    expect(log()).toMatch(/"token_name":"prometheus","code":"forbidden"/);
  });

  it("says at its start that there is no token to ask with", async () => {
    const { cwd } = place({ server: { port: 0, auth: "tokens" } });
    const { log, stop } = await serve(cwd);
    await expect.poll(log).toContain("the API asks for tokens, and there is none");
    await stop();
  });

  it("tells no secret that somebody sends, in no answer that refuses it and in no line of the log", async () => {
    const { cwd, create } = place({
      log: { level: "trace" },
      server: { port: 0, auth: "tokens", tokens_file: "tokens.yaml" },
    });
    const ofFile = newTokenText();
    writeFileSync(join(cwd, "tokens.yaml"), `- {name: prometheus, role: admin, sha256: "${ofFile.sha256}"}`);
    const made = (await create("ci", "admin")).stdout.trim();
    const unknown = newTokenText().text;
    const { url, log, stop } = await serve(cwd);

    const secrets = [made, ofFile.text, unknown];
    const passwords = ["hunter2-basic", "hunter2-cookie", "hunter2-key"];
    const answers: string[] = [];
    for (const planted of secrets) {
      for (const authorization of [`Bearer ${made}`, `Bearer ${ofFile.text}`, `Bearer ${unknown}`, `Bearer x${made}`]) {
        for (const [path, init] of requestsWith(planted)) {
          const headers = {
            authorization,
            cookie: `session=${passwords[1]}; token=${planted}`,
            "x-api-key": passwords[2] ?? "",
            ...init.headers,
          };
          const answer = await fetch(url + path, { ...init, headers, redirect: "manual" });
          const body = await answer.text();
          expect([path, answer.status]).toEqual([path, expect.toSatisfy((status: number) => status >= 400)]);
          answers.push(body, JSON.stringify([...answer.headers]));
        }
      }
    }
    const basic = { authorization: `Basic ${btoa(`admin:${passwords[0]}`)}` };
    answers.push(await (await fetch(`${url}/keys`, { headers: basic })).text());
    writeFileSync(join(cwd, "tokens.yaml"), `- {name: prometheus, role: admin, sha256: ${made}}`);
    await stop();

    const told = [...answers, log()].join("\n");
    expect(told).toContain("[redacted]");
    expect(told.length).toBeGreaterThan(10_000);
    for (const text of secrets) {
      const hidden = text.slice(17);
      // Not even a part of it, as a text that is cut off would hold.
      expect(told).not.toContain(hidden.slice(0, 12));
      expect(told).not.toContain(createHash("sha256").update(text).digest("hex"));
    }
    for (const password of [...passwords, btoa(`admin:${passwords[0]}`)]) expect(told).not.toContain(password);
  });
});

/** Requests that are refused and have the text somewhere. */
function requestsWith(
  text: string,
): readonly [path: string, init: Omit<RequestInit, "headers"> & { headers?: Record<string, string> }][] {
  const json = { "content-type": "application/json" };
  const post = (body: unknown) => ({ method: "POST", headers: json, body: JSON.stringify(body) });
  return [
    [`/${text}`, {}],
    [`/${text.replaceAll("_", "%5F")}`, {}],
    [`/keys/${text}`, {}],
    [`/findings/${text}`, {}],
    [`/scans/${text}?x=${text}`, {}],
    [`/findings?access_token=${text}`, {}],
    [`/findings?${text}=1`, {}],
    [`/findings?severity=${text}`, {}],
    [`/findings?severity=${"x".repeat(90)}${text}`, {}],
    [`/findings?as_of=${text}`, {}],
    [`/findings?cursor=${text}`, {}],
    ["/keys", { method: "PUT", headers: { "x-token": text } }],
    ["/keys", { headers: { origin: `http://${text}` } }],
    ["/keys", post({ name: text, resource: text })],
    ["/keys", post({ name: "a", resource: `arn:aws:kms:${text}:1:key/${text}` })],
    ["/keys", post({ [text]: { [text]: text } })],
    ["/keys", post({ name: "a", resource: "b", labels: { [text]: text }, expected_principals: [text] })],
    ["/keys", { method: "POST", headers: json, body: `{${text}` }],
    ["/keys", { method: "POST", headers: { "content-type": `text/${text}` }, body: text }],
    ["/scans", post({ keys: [text] })],
    ["/tokens", post({ name: `${text} `, role: text, expires_at: text })],
    [`/tokens/${text}`, { method: "DELETE" }],
  ];
}

/** Starts the service, and waits until it serves its database. */
async function serve(cwd: string) {
  const cli = startCli(["serve"], { cwd });
  onTestFinished(() => void cli.child.kill("SIGKILL"));
  const url = () => /"url":"(http:[^"]+)","msg":"the API is listening"/.exec(cli.stderr())?.[1];
  await expect
    .poll(() => [url(), cli.stderr()], { timeout: 20_000 })
    .toEqual([expect.stringContaining("http"), expect.stringContaining("database opened")]);
  const stop = () => {
    cli.child.kill("SIGTERM");
    return cli.ended;
  };
  return { url: url() ?? "", log: () => cli.stdout() + cli.stderr(), stop };
}

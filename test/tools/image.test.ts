import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validate } from "dockerfile-utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { copyContext, isIgnored, parseDockerIgnore } from "../../tools/image/docker-ignore.ts";
import { readDockerfile } from "../../tools/image/read-dockerfile.ts";

const root = join(import.meta.dirname, "../..");

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function packageVersion(path: string): string {
  return (JSON.parse(read(path)) as { version: string }).version;
}

const dockerfile = read("Dockerfile");
const stages = readDockerfile(dockerfile);
const last = stages.at(-1);
const steps = last?.steps.map(({ step }) => step) ?? [];

describe("the Dockerfile", () => {
  it("is in order for the linter", () => {
    expect(validate(dockerfile)).toEqual([]);
  });

  it("stands on the official Node, at the version that everything here runs with", () => {
    const image = `node:${packageVersion("tools/node-runtime/package.json")}-trixie-slim`;
    const names = stages.map(({ name }) => name);
    const outside = stages.map(({ base }) => base).filter((base) => !names.includes(base));
    expect(outside).toEqual([image, image]);
    expect(dockerfile).toContain(`base.name="docker.io/library/${image}"`);
  });

  it("has the version of the package", () => {
    expect(dockerfile).toContain(`image.version="${packageVersion("package.json")}"`);
  });

  it("runs nothing in the stage that is kept, and no shell to start it", () => {
    expect(steps.map(({ kind }) => kind)).not.toContain("run");
    const program = ["node", "--v8-pool-size=1", "--no-memory-reducer", "/app/dist/src/cli/main.js"];
    expect(steps).toContainEqual({ kind: "entrypoint", command: program });
    expect(steps).toContainEqual({ kind: "cmd", command: ["serve"] });
    expect(steps).toContainEqual({ kind: "healthcheck", command: ["keyposture", "healthcheck"] });
    expect(steps).toContainEqual({ kind: "stop-signal", signal: "SIGTERM" });
  });

  it("installs for production without the packages of development", () => {
    const from = steps.flatMap((step) =>
      step.kind === "copy" && step.target === "/app/node_modules" ? [step.from] : [],
    );
    const dependencies = stages.find(({ name }) => name === from[0]);
    expect(dependencies?.steps.map(({ step }) => step)).toEqual([{ kind: "run", command: "npm ci --omit=dev" }]);
  });

  it("copies nothing that the build does not get", () => {
    const rules = parseDockerIgnore(read(".dockerignore"));
    const sources = stages.flatMap(({ steps: all }) =>
      all.flatMap(({ step }) => (step.kind === "copy" && step.from === undefined ? step.sources : [])),
    );
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) {
      expect(existsSync(join(root, source))).toBe(true);
      expect([source, isIgnored(source, rules)]).toEqual([source, false]);
    }
  });
});

describe("the chart and the image", () => {
  it("have one version", () => {
    const { version, appVersion } = parse(read("helm/keyposture/Chart.yaml")) as Record<string, string>;
    expect([version, appVersion]).toEqual([packageVersion("package.json"), packageVersion("package.json")]);
  });

  it("agree about the user, the folder of the database and the configuration", () => {
    const values = parse(read("helm/keyposture/values.yaml")) as {
      podSecurityContext: Record<string, unknown>;
      config: { database: string };
    };
    const volume = steps.flatMap((step) => (step.kind === "volume" ? [step.path] : []));
    const owner = { uid: values.podSecurityContext["runAsUser"], gid: values.podSecurityContext["runAsGroup"] };
    expect(values.podSecurityContext["fsGroup"]).toBe(owner.gid);
    expect(steps).toContainEqual({ kind: "user", owner });
    expect(steps).toContainEqual(expect.objectContaining({ kind: "copy", owner, target: volume[0] }));
    expect(steps).toContainEqual({ kind: "workdir", path: volume[0] });
    expect(values.config.database).toBe(`${volume[0]}/keyposture.db`);

    const file = "/etc/keyposture/keyposture.yaml";
    expect(steps).toContainEqual({ kind: "env", values: expect.objectContaining({ KEYPOSTURE_CONFIG: file }) });
    expect(read("helm/keyposture/templates/statefulset.yaml")).toContain(`value: ${file}`);
  });
});

describe("what a build gets", () => {
  const rules = parseDockerIgnore(["# all but a few", "*", "", "!src", "!/tools/runtime/", "src/**/*.log"].join("\n"));

  it.each([
    ["keyposture.yaml", true],
    [".git", true],
    ["src", false],
    ["src/cli/main.ts", false],
    ["src/cli/deep/debug.log", true],
    ["src/debug.log", true],
    ["tools", true],
    ["tools/generate.ts", true],
    ["tools/runtime", false],
    ["tools/runtime/package.json", false],
    ["srcs", true],
  ])("%s is left out: %s", (path, ignored) => {
    expect(isIgnored(path, rules)).toBe(ignored);
  });

  describe("of this repository", () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "keyposture-context-"));
      copyContext(root, folder, parseDockerIgnore(read(".dockerignore")));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it("is what it needs, and nothing local", () => {
      expect(readdirSync(folder).toSorted()).toEqual([
        ".npmrc",
        "LICENSE",
        "checks",
        "migrations",
        "package-lock.json",
        "package.json",
        "src",
        "tools",
        "tsconfig.build.json",
        "tsconfig.json",
      ]);
      expect(readdirSync(join(folder, "tools"))).toEqual(["node-runtime"]);
    });
  });
});

describe("what cannot be rehearsed is refused", () => {
  it.each([
    ["ADD https://example.com/a /a", "ADD cannot be rehearsed"],
    ["COPY --chmod=755 a b", "COPY --chmod cannot be rehearsed"],
    ["COPY --chown=node a b", "expected a user and a group as numbers"],
    ["USER node", "expected a user and a group as numbers"],
    ["RUN rm -rf /var/lib", "path from the root"],
    ["RUN cat </etc/passwd", "path from the root"],
    ["CMD keyposture serve", "expected the exec form"],
    ["HEALTHCHECK CMD keyposture healthcheck", "expected the exec form"],
  ])("%s", (line, message) => {
    expect(() => readDockerfile(`FROM node\n${line}\n`)).toThrow(message);
  });
});

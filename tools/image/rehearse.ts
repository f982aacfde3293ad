/**
 * Rehearses the Dockerfile where no Docker is: carries out its steps with the same commands in an empty folder, starts
 * what comes out of it over a simulated AWS, and looks whether that serves. Ends with 1 where anything is otherwise.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { documentedPolicy, testKeyArn, testOrganization, testTrail } from "../../test/support/aws-kms-key.ts";
import { build, type Image, setWritable } from "./build.ts";
import { copyContext, parseDockerIgnore } from "./docker-ignore.ts";
import { readDockerfile } from "./read-dockerfile.ts";
import { type Container, createContainer, type Started } from "./start.ts";

const repository = join(import.meta.dirname, "../..");
/** The service itself takes five seconds at most; a container is killed after ten. */
const patienceToEnd = 10_000;
const patienceToStart = 120_000;

function say(line: string): void {
  console.log(line);
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
  say(`ok: ${what}`);
}

function buildImage(folder: string): Image {
  const context = join(folder, "context");
  mkdirSync(context);
  copyContext(repository, context, parseDockerIgnore(readFileSync(join(repository, ".dockerignore"), "utf8")));
  const stages = readDockerfile(readFileSync(join(repository, "Dockerfile"), "utf8"));
  return build({ stages, context, folder: join(folder, "stages"), say });
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

function lookAtPackages({ root }: Image): void {
  const { packages } = JSON.parse(readFileSync(join(repository, "package-lock.json"), "utf8")) as Lock;
  const installed = new Set(readdirSync(join(root, "app/node_modules"), { recursive: true }).map(String));
  const left = Object.entries(packages).filter(
    ([path, { dev }]) => dev === true && installed.has(path.replace(/^node_modules\//, "")),
  );
  demand(left.length === 0, `no package of development is in the image${left.map(([path]) => ` ${path}`).join("")}`);
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function writeConfig({ root, env }: Image, port: number): void {
  const file = join(root, env["KEYPOSTURE_CONFIG"] ?? "");
  mkdirSync(dirname(file), { recursive: true });
  const config = {
    keys: [{ name: "prod", resource: testKeyArn }],
    organizations: [testOrganization],
    server: { port: 0 },
    metrics: { enabled: true, port },
  };
  writeFileSync(file, JSON.stringify(config));
}

async function until(what: string, service: Started, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceToStart;
  while (!(await holds())) {
    if (service.child.exitCode !== null) throw new Error(`ended before: ${what}\n${service.output()}`);
    if (Date.now() > end) throw new Error(`not within ${patienceToStart / 1000} s: ${what}\n${service.output()}`);
    await pause(200);
  }
  say(`ok: ${what}`);
}

async function lookAtService(image: Image, container: Container, port: number): Promise<void> {
  const service = container.start();
  try {
    const ready = [...image.healthcheck, "--ready"];
    await until("/readyz is answered", service, async () => (await container.exec(ready)).code === 0);
    const seen = 'keyposture_key_state{provider="aws",key="prod",state="enabled"} 1';
    await until("the simulated key is scanned", service, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
      return (await answer.text()).includes(seen);
    });
    const health = await container.exec(image.healthcheck);
    demand(health.code === 0, `the health check passes: ${health.output.trim()}`);
    service.child.kill(image.stopSignal as NodeJS.Signals);
    const ended = await Promise.race([service.ended, pause(patienceToEnd)]);
    demand(ended?.code === 0, `${image.stopSignal} ends it in good order within ${patienceToEnd / 1000} s`);
    const after = await container.exec(image.healthcheck);
    demand(after.code === 1, `and then the health check fails: ${after.output.trim()}`);
  } finally {
    service.child.kill("SIGKILL");
    await service.ended;
  }
}

function everyFile(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String).toSorted();
}

async function rehearse(folder: string, simulator: Simulator): Promise<void> {
  const image = buildImage(folder);
  lookAtPackages(image);
  const port = await unusedPort();
  writeConfig(image, port);
  const container = createContainer(image, {
    AWS_ENDPOINT_URL: simulator.endpoint,
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "not-a-secret",
  });
  const before = everyFile(image.root);
  await lookAtService(image, container, port);
  const written = everyFile(image.root).filter((path) => !before.includes(path));
  const volume = image.workdir.slice(1);
  demand(
    written.length > 0 && written.every((path) => path.startsWith(`${volume}/keyposture.db`)),
    `nothing is written but the database: ${written.join(", ")}`,
  );
  const version = await container.start(["--version"]).ended;
  demand(version.code === 0, `the entrypoint takes commands: --version says ${version.output.trim()}`);
}

const folder = mkdtempSync(join(tmpdir(), "keyposture-image-"));
const simulator = await startSimulator({ seed: 1 });
simulator.aws.addKey(sampleKey({ arn: testKeyArn, policy: documentedPolicy() }));
simulator.aws.addTrail(sampleTrail({ arn: testTrail.arn }));
try {
  // The user of the image has to get into it.
  chmodSync(folder, 0o755);
  await rehearse(folder, simulator);
} finally {
  await simulator.close();
  setWritable(folder, true);
  rmSync(folder, { recursive: true, force: true });
}

/** Carries out the steps of a Dockerfile in folders that stand for the root of each stage. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, statSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import type { Owner, Stage, Step } from "./read-dockerfile.ts";

export interface Image {
  /** The folder that stands for `/`. */
  readonly root: string;
  env: Readonly<Record<string, string>>;
  workdir: string;
  user: Owner | undefined;
  stopSignal: string;
  entrypoint: readonly string[];
  cmd: readonly string[];
  healthcheck: readonly string[];
  readonly volumes: string[];
}

export interface BuildOptions {
  readonly stages: readonly Stage[];
  /** Holds the files that the build may copy. */
  readonly context: string;
  /** Where the stages are made, a folder for each. */
  readonly folder: string;
  say(line: string): void;
}

/** Builds every stage in turn, and returns the last one. */
export function build({ stages, context, folder, say }: BuildOptions): Image {
  const built = new Map<string, Image>();
  let last: Image | undefined;
  for (const [index, stage] of stages.entries()) {
    const name = stage.name ?? `stage-${index}`;
    const base = built.get(stage.base);
    say(`${name}: FROM ${stage.base}`);
    const image = base === undefined ? outsideImage(join(folder, name)) : derivedImage(base, join(folder, name));
    for (const { text, step } of stage.steps) {
      if (step.kind !== "note") say(`${name}: ${text.replaceAll(/\s+/g, " ")}`);
      carryOut(step, image, (from) => (from === undefined ? context : rootOf(from, built)));
    }
    built.set(name, image);
    last = image;
  }
  if (last === undefined) throw new Error("the Dockerfile has no stage");
  return last;
}

/** An image from outside has Node where the official ones have it: the one that this runs with. */
function outsideImage(root: string): Image {
  const bin = join(root, "usr/local/bin");
  mkdirSync(bin, { recursive: true });
  cpSync(process.execPath, join(bin, "node"));
  return {
    root,
    env: {},
    workdir: "/",
    user: undefined,
    stopSignal: "SIGTERM",
    entrypoint: [],
    cmd: [],
    healthcheck: [],
    volumes: [],
  };
}

function derivedImage(base: Image, root: string): Image {
  cpSync(base.root, root, { recursive: true, verbatimSymlinks: true });
  return { ...base, root, volumes: [...base.volumes] };
}

function rootOf(stage: string, built: ReadonlyMap<string, Image>): string {
  const image = built.get(stage);
  if (image === undefined) throw new Error(`there is no stage ${stage} before this one`);
  return image.root;
}

function carryOut(step: Step, image: Image, sourceRoot: (stage: string | undefined) => string): void {
  switch (step.kind) {
    case "copy":
      return copy(step, image, sourceRoot(step.from));
    case "run":
      return run(step.command, image);
    case "workdir":
      image.workdir = inImage(image, step.path);
      mkdirSync(join(image.root, image.workdir), { recursive: true });
      return;
    case "env":
      image.env = { ...image.env, ...step.values };
      return;
    case "user":
      image.user = step.owner;
      return;
    case "volume":
      image.volumes.push(step.path);
      return;
    case "stop-signal":
      image.stopSignal = step.signal;
      return;
    case "entrypoint":
    case "cmd":
    case "healthcheck":
      image[step.kind] = step.command;
      return;
    case "note":
  }
}

function inImage(image: Image, path: string): string {
  return path.startsWith("/") ? path : join(image.workdir, path);
}

/** Of a folder its content is copied, of a file itself: https://docs.docker.com/reference/dockerfile/#copy */
function copy({ sources, target, owner }: Extract<Step, { kind: "copy" }>, image: Image, from: string): void {
  const to = join(image.root, inImage(image, target));
  for (const source of sources) {
    const path = join(from, source);
    const isFile = statSync(path).isFile();
    const into = isFile && (target.endsWith("/") || (existsSync(to) && statSync(to).isDirectory()));
    const at = into ? join(to, basename(source)) : to;
    cpSync(path, at, { recursive: true, verbatimSymlinks: true });
    if (owner !== undefined) giveTo(owner, at);
  }
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Only root can give something away; to anybody else everything belongs that they make. */
function giveTo({ uid, gid }: Owner, path: string): void {
  if (isRoot()) must("chown", ["-R", `${uid}:${gid}`, path]);
}

function run(command: string, image: Image): void {
  const { status } = spawnSync("/bin/sh", ["-c", command], {
    cwd: join(image.root, image.workdir),
    env: {
      ...environmentOfBuilds(),
      ...image.env,
      PATH: [join(image.root, "usr/local/bin"), ownPath()].join(delimiter),
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error(`${command}: ended with ${status}`);
}

/** How to reach the registry may stand in the environment; what the npm that started this has put there may not stay. */
function environmentOfBuilds(): NodeJS.ProcessEnv {
  const own = /^(npm_|INIT_CWD$|NODE$|NODE_ENV$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/** Without the programs of this checkout: a step that needs one of them has to install it. */
function ownPath(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.filter((folder) => !folder.includes("node_modules")).join(delimiter);
}

/** Takes the right to write from everybody below a folder, or gives it to the owners again. */
export function setWritable(folder: string, writable: boolean): void {
  must("chmod", ["-R", writable ? "u+w" : "a-w", folder]);
}

function must(program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ended with ${status}`);
}

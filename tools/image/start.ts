/** Starts what was built as a container would be started: its user, its environment, nothing writable but its volumes. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Image, isRoot, setWritable } from "./build.ts";

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface Container {
  /** Empty at first, and read-only: the home of a user that the image does not know, and the place for temporary files. */
  readonly home: string;
  /** Starts the image's command, or with its entrypoint another one. */
  start(args?: readonly string[]): Started;
  /** Runs a program of the image to its end, as health checks are. */
  exec(command: readonly string[]): Promise<Ended>;
}

export interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<Ended>;
}

/** Makes the image's files read-only, but for its volumes. */
export function createContainer(image: Image, env: Readonly<Record<string, string>>): Container {
  const home = join(image.root, "home");
  mkdirSync(home);
  setWritable(image.root, false);
  for (const volume of image.volumes) setWritable(join(image.root, volume), true);
  const all = {
    ...Object.fromEntries(Object.entries(image.env).map(([name, value]) => [name, placed(image, value)])),
    ...env,
  };

  function spawned(command: readonly string[]): Started {
    const [program = "", ...args] = command;
    return started(
      spawn(program, args, {
        cwd: join(image.root, image.workdir),
        env: { ...all, HOME: home, TMPDIR: home },
        stdio: ["ignore", "pipe", "pipe"],
        ...(isRoot() && image.user !== undefined ? image.user : {}),
      }),
    );
  }

  return {
    home,
    start: (args = image.cmd) => spawned([...image.entrypoint.map((part) => placed(image, part)), ...args]),
    exec: (command) => spawned(command).ended,
  };
}

/** A value with paths of the image, as it is where the image's root is a folder. */
function placed(image: Image, value: string): string {
  const paths = value.split(":");
  return paths.map((path) => (path.startsWith("/") ? join(image.root, path) : path)).join(":");
}

function started(child: ChildProcess): Started {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
  return { child, output: () => output, ended };
}

import { Copy, DockerfileParser, From, Healthcheck, type Instruction, PropertyInstruction } from "dockerfile-ast";

/** In numbers, as Kubernetes wants them too. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export type Step =
  | {
      readonly kind: "copy";
      /** A stage; else what the build gets of the repository. */
      readonly from: string | undefined;
      readonly owner: Owner | undefined;
      readonly sources: readonly string[];
      readonly target: string;
    }
  | { readonly kind: "run"; readonly command: string }
  | { readonly kind: "workdir"; readonly path: string }
  | { readonly kind: "env"; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: "user"; readonly owner: Owner }
  | { readonly kind: "volume"; readonly path: string }
  | { readonly kind: "stop-signal"; readonly signal: string }
  | { readonly kind: "entrypoint" | "cmd" | "healthcheck"; readonly command: readonly string[] }
  /** What changes neither a file nor how the image is started. */
  | { readonly kind: "note" };

export interface Stage {
  /** Another stage, or an image from outside. */
  readonly base: string;
  readonly name: string | null;
  readonly steps: readonly { readonly text: string; readonly step: Step }[];
}

/** The stages of a Dockerfile. Throws for what could not be rehearsed in the same way as Docker does it. */
export function readDockerfile(text: string): Stage[] {
  const stages: { base: string; name: string | null; steps: { text: string; step: Step }[] }[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction instanceof From) {
      stages.push({ base: instruction.getImage() ?? "", name: instruction.getBuildStage(), steps: [] });
    } else {
      stages.at(-1)?.steps.push({ text: instruction.toString(), step: stepOf(instruction) });
    }
  }
  return stages;
}

function stepOf(instruction: Instruction): Step {
  const content = instruction.getArgumentsContent() ?? "";
  const keyword = instruction.getKeyword();
  switch (keyword) {
    case "COPY":
      return copyOf(instruction);
    case "RUN":
      return { kind: "run", command: runnable(content) };
    case "WORKDIR":
      return { kind: "workdir", path: content };
    case "ENV":
      return { kind: "env", values: valuesOf(instruction) };
    case "USER":
      return { kind: "user", owner: ownerOf(content) };
    case "VOLUME":
      return { kind: "volume", path: content };
    case "STOPSIGNAL":
      return { kind: "stop-signal", signal: content };
    case "ENTRYPOINT":
      return { kind: "entrypoint", command: commandOf(instruction) };
    case "CMD":
      return { kind: "cmd", command: commandOf(instruction) };
    case "HEALTHCHECK":
      return { kind: "healthcheck", command: commandOf(instruction) };
    case "ARG":
    case "EXPOSE":
    case "LABEL":
      return { kind: "note" };
    default:
      throw new Error(`${keyword} cannot be rehearsed`);
  }
}

function copyOf(instruction: Instruction): Step {
  if (!(instruction instanceof Copy)) throw new Error("COPY is read as something else");
  const flags = new Map(instruction.getFlags().map((flag) => [flag.getName(), flag.getValue() ?? ""]));
  const unknown = [...flags.keys()].find((name) => name !== "from" && name !== "chown");
  if (unknown !== undefined) throw new Error(`COPY --${unknown} cannot be rehearsed`);
  const paths = instruction.getArguments().map((argument) => argument.getValue());
  const chown = flags.get("chown");
  return {
    kind: "copy",
    from: flags.get("from"),
    owner: chown === undefined ? undefined : ownerOf(chown),
    sources: paths.slice(0, -1),
    target: paths.at(-1) ?? "",
  };
}

/** A path from the root would be one of this machine. */
function runnable(command: string): string {
  if (/(^|[\s=:"'<>])\//.test(command))
    throw new Error(`RUN with a path from the root cannot be rehearsed: ${command}`);
  return command;
}

function valuesOf(instruction: Instruction): Record<string, string> {
  if (!(instruction instanceof PropertyInstruction)) throw new Error("ENV is read as something else");
  return Object.fromEntries(instruction.getProperties().map((each) => [each.getName(), each.getValue() ?? ""]));
}

function ownerOf(text: string): Owner {
  const [uid, gid] = /^(\d+):(\d+)$/.exec(text)?.slice(1).map(Number) ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`${text}: expected a user and a group as numbers`);
  return { uid, gid };
}

/** The shell form needs a shell, and hands no signal on. */
function commandOf(instruction: Instruction): string[] {
  const text = instruction.getArgumentsContent() ?? "";
  const json = instruction instanceof Healthcheck ? /CMD\s+(\[.*\])$/s.exec(text)?.[1] : text;
  if (json === undefined || !json.startsWith("[")) throw new Error(`${instruction.toString()}: expected the exec form`);
  return JSON.parse(json) as string[];
}

// The definitions that Google's own packages carry, read as files: the wire is theirs, the behaviour is not.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  fromJSON,
  type MessageTypeDefinition,
  type PackageDefinition,
  type ServiceDefinition,
} from "@grpc/proto-loader";

const own = createRequire(import.meta.url);

/** Where the files are. The API of logging comes with a package of the logging package. */
const files = {
  kms: () => own.resolve("@google-cloud/kms/build/protos/protos.json"),
  resourceManager: () => own.resolve("@google-cloud/resource-manager/build/protos/protos.json"),
  logging: () =>
    createRequire(own.resolve("@google-cloud/logging")).resolve("@google-cloud/logging-api/build/protos/protos.json"),
  status: () => join(dirname(own.resolve("google-gax")), "../protos/status.json"),
} as const;
export type DefinitionFile = keyof typeof files;

const loaded = new Map<DefinitionFile, PackageDefinition>();

/** A definition by its full name, e.g. `google.rpc.Status`. A file is read when it is asked for first. */
function definition(file: DefinitionFile, name: string): PackageDefinition[string] {
  const all = loaded.get(file) ?? load(file);
  loaded.set(file, all);
  const found = all[name];
  if (found === undefined) {
    throw new TypeError(`${name} is not defined in ${files[file]()}`);
  }
  return found;
}

function load(file: DefinitionFile): PackageDefinition {
  const json: unknown = JSON.parse(readFileSync(files[file](), "utf8"));
  return fromJSON(json as Parameters<typeof fromJSON>[0], {
    longs: String,
    enums: String,
    bytes: String,
    defaults: true,
  });
}

/** A service with its methods. */
export function serviceDefinition(file: DefinitionFile, name: string): ServiceDefinition {
  const found = definition(file, name);
  if ("format" in found) {
    throw new TypeError(`${name} is no service`);
  }
  return found;
}

/** How messages of a type are written and read. */
export function messageDefinition(file: DefinitionFile, name: string): MessageTypeDefinition<object, object> {
  const found = definition(file, name);
  if (!("serialize" in found) || typeof found.serialize !== "function") {
    throw new TypeError(`${name} is no message`);
  }
  return found as MessageTypeDefinition<object, object>;
}

/** Where an enumeration is defined: by its full name, or inside a message of that name. */
export interface EnumPlace {
  readonly file: DefinitionFile;
  readonly name: string;
  readonly inner?: string;
}

/** The part of a descriptor that is read here. https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto */
interface Descriptor {
  readonly name: string;
  readonly enumType?: readonly Descriptor[];
  readonly value?: readonly { readonly name: string }[];
}

/** The names of an enumeration's values. */
export function enumNames({ file, name, inner }: EnumPlace): readonly string[] {
  const found = definition(file, name);
  const outer = "type" in found && "format" in found ? (found.type as Descriptor) : undefined;
  const values = inner === undefined ? outer : outer?.enumType?.find((candidate) => candidate.name === inner);
  if (values?.value === undefined) {
    throw new TypeError(`${name} ${inner ?? ""} is no enumeration`);
  }
  return values.value.map((entry) => entry.name);
}

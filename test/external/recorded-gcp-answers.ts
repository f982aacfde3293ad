// Answers of the real Google Cloud as the Cloud Custodian project recorded them over REST, and the gRPC messages they are.
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { protobuf, serializer } from "google-gax";

export interface GcpRecording {
  readonly file: string;
  /** As the call table names it, or in that form. */
  readonly call: string;
  /** The resource that was asked for; of a list, whose list it is. */
  readonly resource: string;
  /** As the REST interface gave it. */
  readonly body: unknown;
}

/** What was asked, by the name of the file: the request's method and path with hyphens in place of its slashes. */
const calls: readonly (readonly [RegExp, string])[] = [
  [/^get-.+-cryptoKeyVersions$/, "cloudkms:ListCryptoKeyVersions"],
  [/^get-.+-cryptoKeyVersions-\d+$/, "cloudkms:GetCryptoKeyVersion"],
  [/^get-.+-cryptoKeys$/, "cloudkms:ListCryptoKeys"],
  [/^get-.+-cryptoKeys-.+-getIamPolicy$/, "cloudkms:GetCryptoKeyIamPolicy"],
  [/^get-.+-cryptoKeys-.+$/, "cloudkms:GetCryptoKey"],
  [/^patch-.+-cryptoKeys-.+$/, "cloudkms:UpdateCryptoKey"],
  [/^get-.+-keyRings$/, "cloudkms:ListKeyRings"],
  [/^get-.+-keyRings-.+$/, "cloudkms:GetKeyRing"],
  [/^get-.+-locations$/, "cloudkms:ListLocations"],
  [/^get-.+-locations-.+$/, "cloudkms:GetLocation"],
  [/^get-v1-projects$/, "cloudresourcemanager:ListProjects"],
  [/^get-v2-folders$/, "cloudresourcemanager:ListFolders"],
  [/^post-v1-organizations-search$/, "cloudresourcemanager:SearchOrganizations"],
  [/^post-v1-organizations-\d+-listOrgPolicies$/, "cloudresourcemanager:ListOrgPolicies"],
  [/^post-v1-projects-.+-setIamPolicy$/, "cloudresourcemanager:SetProjectIamPolicy"],
  [/^post-v1-projects-.+-getIamPolicy$/, "cloudresourcemanager:GetProjectIamPolicy"],
  [/^post-v2-folders-.+-getIamPolicy$/, "cloudresourcemanager:GetFolderIamPolicy"],
  [/^post-v1-organizations-.+-getIamPolicy$/, "cloudresourcemanager:GetOrganizationIamPolicy"],
];

const folder = join(process.env["KEYPOSTURE_RECORDED"] ?? "", "gcp");

/** Every recording. Throws where nobody knows what was asked. */
export function gcpRecordings(): readonly GcpRecording[] {
  return globSync("*/*.json", { cwd: folder })
    .toSorted()
    .map((file) => {
      const request = basename(file).replace(/_\d+\.json$/, "");
      const call = calls.find(([form]) => form.test(request))?.[1];
      if (call === undefined) throw new Error(`${file} is the answer of no call that is known`);
      const { body } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { readonly body: unknown };
      return { file, call, resource: resourceOf(request), body };
    });
}

function resourceOf(request: string): string {
  return request
    .replace(/^[a-z]+-v\d-/, "")
    .replace(/-(getIamPolicy|cryptoKeys|cryptoKeyVersions)$/, "")
    .replace(/^(projects|folders|organizations)-/, "$1/")
    .replaceAll(/-(locations|keyRings|cryptoKeys)-/g, "/$1/");
}

const own = createRequire(import.meta.url);
const definitions = {
  kms: protobuf.Root.fromJSON(definitionsIn("@google-cloud/kms")),
  resources: protobuf.Root.fromJSON(definitionsIn("@google-cloud/resource-manager")),
};

function definitionsIn(name: string) {
  const file = own.resolve(`${name}/build/protos/protos.json`);
  return JSON.parse(readFileSync(file, "utf8")) as protobuf.INamespace;
}

/** What answers a call over gRPC: versions 1 and 2 of Resource Manager and version 3 have the same policies. */
function typeOf(call: string): protobuf.Type {
  if (call === "cloudkms:ListCryptoKeys" || call === "cloudkms:ListCryptoKeyVersions") {
    return definitions.kms.lookupType(`google.cloud.kms.v1.${call.slice("cloudkms:".length)}Response`);
  }
  if (call.endsWith("IamPolicy")) return definitions.resources.lookupType("google.iam.v1.Policy");
  throw new TypeError(`${call} has no answer over gRPC`);
}

/** The recorded body as a message: https://protobuf.dev/programming-guides/json/ */
export function messageOf({ call, body }: GcpRecording): protobuf.Message {
  const message = serializer.fromProto3JSON(typeOf(call), body as serializer.JSONObject);
  if (message === null) throw new TypeError(`${call} was answered with null`);
  return message;
}

/** What a message says, as REST would. */
export function bodyOf(message: protobuf.Message): serializer.JSONValue {
  return serializer.toProto3JSON(message);
}

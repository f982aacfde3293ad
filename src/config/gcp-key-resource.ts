import { invalidResource as invalid, type ParsedKeyResource } from "./parsed-key-resource.ts";

export const gcpKeyForm = "projects/<project>/locations/<location>/keyRings/<key ring>/cryptoKeys/<key>";

/** https://cloud.google.com/resource-manager/docs/creating-managing-projects: an id, an older id with a domain, a number */
const project = /^(?:(?:[a-z][a-z0-9.-]*[a-z0-9]:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|[1-9][0-9]*)$/;
const location = /^[a-z][a-z0-9-]*[a-z0-9]$/;
/** https://cloud.google.com/kms/docs/resource-hierarchy */
const ringOrKey = /^[A-Za-z0-9_-]{1,63}$/;

/** What comes before the name where Google writes it as an address: full resource names, REST, Tink. */
const addresses = [/^\/\/cloudkms\.googleapis\.com\//, /^https?:\/\/cloudkms\.googleapis\.com\/v1\//, /^gcp-kms:\/\//];

/** Whether a text is, or was meant to be, the name of something in Cloud KMS. */
export function looksLikeGcpKey(text: string): boolean {
  return /^\/?projects\//.test(text) || addresses.some((form) => form.test(text));
}

/**
 * Reads the resource name of a Cloud KMS key.
 * https://cloud.google.com/kms/docs/getting-resource-ids
 */
export function parseGcpKey(text: string): ParsedKeyResource {
  const address = addresses.find((form) => form.test(text));
  if (address !== undefined) {
    return invalid(`it is an address and not a name; leave out what comes first: ${text.replace(address, "")}`);
  }
  if (text.startsWith("/")) return invalid(`it begins with a slash; give it without: ${text.slice(1)}`);
  const parts = text.split("/");
  const [, p = "", , l = "", , r = "", , k = ""] = parts;
  const why = whyNotTheCollections(parts, text) ?? whyNotTheNames(p, l, r, k);
  if (why !== undefined) return invalid(why);
  return {
    ok: true,
    resource: {
      provider: "gcp",
      kind: "gcp.kms-key",
      resource: text,
      scope: `projects/${p}`,
      account: p,
      location: l,
    },
    default_name: k.replace(/^[_-]+/, "") || "key",
  };
}

const collections = ["projects", "locations", "keyRings", "cryptoKeys"];

function whyNotTheCollections(parts: readonly string[], text: string): string | undefined {
  if (parts[8] === "cryptoKeyVersions") {
    const key = parts.slice(0, 8).join("/");
    return `it names version ${parts[9] ?? ""} of a key, and all versions are watched; give the key itself: ${key}`;
  }
  for (const [index, collection] of collections.entries()) {
    const written = parts[2 * index];
    if (written === collection && parts[2 * index + 1] !== undefined) continue;
    if (written === undefined || written === collection)
      return `it ends before its ${collection}; expected ${gcpKeyForm}`;
    const other = written.toLowerCase() === collection.toLowerCase() ? "; capitals count" : "";
    return `it has "${written}" where "${collection}" belongs${other}; expected ${gcpKeyForm}`;
  }
  if (parts.length > 8) return `it goes on after the key, with "${parts.slice(8).join("/")}"; expected ${gcpKeyForm}`;
  return text === "" ? `it is empty; expected ${gcpKeyForm}` : undefined;
}

function whyNotTheNames(p: string, l: string, r: string, k: string): string | undefined {
  if (!project.test(p)) {
    const hint = project.test(p.toLowerCase()) ? "; Google writes project ids in lower case" : "";
    return `its project is "${p}"; expected a project's id or number${hint}`;
  }
  if (!location.test(l)) return `its location is "${l}"; expected one such as us-central1`;
  if (!ringOrKey.test(r)) return `its key ring is "${r}"; expected 1 to 63 letters, digits, dashes and underscores`;
  if (!ringOrKey.test(k)) return `its key is "${k}"; expected 1 to 63 letters, digits, dashes and underscores`;
  return undefined;
}

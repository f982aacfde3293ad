import type { GcpRegisteredKey } from "../../model/gcp.ts";

/** The parts of the name of a key: `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>`. */
export function gcpKeyParts(name: string): GcpRegisteredKey {
  const [, project = "", , location = "", , ring = "", , key = ""] = name.split("/");
  const ring_name = `projects/${project}/locations/${location}/keyRings/${ring}`;
  return { name, project, location, ring, ring_name, key };
}

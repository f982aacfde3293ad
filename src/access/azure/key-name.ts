import type { AzureRegisteredKey } from "../../model/azure.ts";

/** The parts of `https://<host>/keys/<name>`. */
export function azureKeyParts(resource: string): AzureRegisteredKey {
  const [, , host = "", , key = ""] = resource.split("/");
  const [vault = "", service] = host.split(".");
  return { host, kind: service === "managedhsm" ? "managed-hsm" : "vault", vault, key };
}

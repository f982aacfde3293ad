import type { AzureVaultKind } from "../../model/azure.ts";
import { type AzureRegistration, nothingSaidOfAzure } from "../../model/registration.ts";
import type { KeyToRead } from "../collector.ts";

/** Where a key is looked for, as far as its name and its registration tell. */
export interface AzureKeyPlace {
  readonly host: string;
  readonly kind: AzureVaultKind;
  /** The first part of the host. No two vaults have the same, not even deleted ones. */
  readonly vault: string;
  readonly key: string;
  readonly registration: AzureRegistration;
}

const form = /^https:\/\/(([^./]+)\.(vault|managedhsm)\.[^/]+)\/keys\/([^/]+)$/;

/** Throws a TypeError for what is no name of a key: the registry lets none in. */
export function azureKeyPlace({ resource, registration }: KeyToRead): AzureKeyPlace {
  const [, host, vault, service, key] = form.exec(resource) ?? [];
  if (host === undefined || vault === undefined || key === undefined) {
    throw new TypeError(`${resource} is no key in Key Vault`);
  }
  const kind = service === "vault" ? "vault" : "managed-hsm";
  return { host, kind, vault, key, registration: registration.azure ?? nothingSaidOfAzure };
}

/** Commands of `az` that mend what checks find: https://learn.microsoft.com/en-us/cli/azure/reference-index */
import type { AzureRegisteredKey, AzureVault } from "../../model/azure.ts";
import type { Fact } from "../../model/fact.ts";
import { shellWord } from "../shell-word.ts";

/** Flags by name, without dashes, in the order in which they are written; a list is a flag with several values. */
type AzFlags = Readonly<Record<string, string | readonly string[]>>;

/** `az <command>` with these flags. Every value of a list has to be one that `canBeListed`. */
export function az(command: string, flags: AzFlags): string {
  return ["az", command, ...Object.entries(flags).map(([name, value]) => flag(name, value))].join(" ");
}

/** `az keyvault key <command>` about a key, by the names of its vault or managed HSM and its own. */
export function azKey(command: string, { kind, vault, key }: AzureRegisteredKey, flags: AzFlags = {}): string {
  const where = kind === "managed-hsm" ? { "hsm-name": vault } : { "vault-name": vault };
  return az(`keyvault key ${command}`, { ...where, name: key, ...flags });
}

/**
 * `az keyvault <command>` about a key's vault or managed HSM, of which the latter is updated by a command of its own. The
 * vault's id tells its subscription: without it, `az` looks in the one that is set.
 */
export function azVault(
  command: string,
  { kind, vault: name }: AzureRegisteredKey,
  vault: Fact<Pick<AzureVault, "id">>,
  flags: AzFlags = {},
): string {
  const subscription = vault.state === "known" ? subscriptionOf(vault.value.id) : undefined;
  const all = { ...(subscription === undefined ? {} : { subscription }), ...flags };
  return kind === "managed-hsm"
    ? az(`keyvault ${command === "update" ? "update-hsm" : command}`, { "hsm-name": name, ...all })
    : az(`keyvault ${command}`, { name, ...all });
}

/**
 * Whether a value can stand in a list. One that begins with a dash would be taken for the next flag, one that begins
 * with @ for the name of a file: https://learn.microsoft.com/en-us/cli/azure/use-azure-cli-successfully
 */
export function canBeListed(value: string): boolean {
  return !/^[-@]/.test(value);
}

/** A flag with its value, or its values. */
function flag(name: string, value: string | readonly string[]): string {
  if (typeof value !== "string") return [`--${name}`, ...value.map((one) => shellWord(one))].join(" ");
  return `--${name}${canBeListed(value) ? " " : "="}${shellWord(value)}`;
}

function subscriptionOf(id: string): string | undefined {
  return /^\/subscriptions\/([^/]+)\//i.exec(id)?.[1];
}

import type { AwsKmsKeyFacts } from "./aws.ts";
import type { AzureVaultKeyFacts } from "./azure-vault-key.ts";
import type { Fact } from "./fact.ts";
import type { GcpKmsKeyFacts } from "./gcp-kms-key.ts";

/** The facts of each kind of resource that a check can judge. A provider adds its kinds here. */
export interface ResourceFacts {
  readonly "aws.kms-key": AwsKmsKeyFacts;
  readonly "gcp.kms-key": GcpKmsKeyFacts;
  readonly "azure.vault-key": AzureVaultKeyFacts;
}
export type ResourceKind = keyof ResourceFacts;

export const providers = ["aws", "gcp", "azure"] as const;
export type Provider = (typeof providers)[number];

/** Whose resources are of a kind: its name begins with the provider's. */
export function providerOf(kind: ResourceKind): Provider {
  const provider = providers.find((one) => kind.startsWith(`${one}.`));
  if (provider === undefined) throw new TypeError(`the kind ${kind} is no provider's`);
  return provider;
}

/** The names of the facts of a kind. */
export type FactName<K extends ResourceKind> = keyof ResourceFacts[K] & string;

/** All facts of a resource, each known or unreadable. */
export type Facts<K extends ResourceKind, N extends FactName<K> = FactName<K>> = {
  readonly [F in N]: Fact<ResourceFacts[K][F]>;
};

/** The values of the named facts, and nothing else. */
export type FactValues<K extends ResourceKind, N extends FactName<K>> = {
  readonly [F in N]: ResourceFacts[K][F];
};

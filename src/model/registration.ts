/** What is expected of a key: as registered, by people. Its history is kept like a fact's. */
export interface Registration {
  readonly compartments: readonly string[];
  readonly organizations: readonly string[];
  readonly expected_principals: readonly string[];
  /** RFC 3339 date, or null where nobody said. */
  readonly in_use_since: string | null;
  readonly role_arn: string | null;
  /** Null where nobody said anything of the kind. */
  readonly azure: AzureRegistration | null;
  /** A revision of the rules that this key is judged by, or null for the configured one. */
  readonly guidance: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** What is expected of a key in Azure. Ids in lower case. */
export interface AzureRegistration {
  /** Whether the vault is for this key alone, or for keys of the same purpose. */
  readonly dedicated_vault: boolean;
  readonly tenant_id: string | null;
  /** The vault's ARM id; null: it is looked for in the configured subscriptions. */
  readonly vault_resource_id: string | null;
  /** Of Anthropic's application in the vault's tenant; null: the directory is asked. */
  readonly service_principal_object_id: string | null;
  /** The application that was given to whoever set the key up; null is the published one. */
  readonly client_id: string | null;
}

/** What is expected of a key in Azure where nobody said anything. */
export const nothingSaidOfAzure: AzureRegistration = {
  dedicated_vault: false,
  tenant_id: null,
  vault_resource_id: null,
  service_principal_object_id: null,
  client_id: null,
};

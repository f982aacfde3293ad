/** The customer's organization with Anthropic. */
export const demoOrganization = "3f2b1c9d-6b1e-4c58-9d53-2f1a0e7c4b6a";

export interface DemoKey {
  readonly name: string;
  readonly resource: string;
}

export interface DemoState {
  /** The check that this key is there to show failing or blind; null for the one that is as documented. */
  readonly shows: string | null;
}

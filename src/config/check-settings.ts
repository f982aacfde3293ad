import type { CheckSettings } from "../model/check-settings.ts";
import type { Config } from "./config-schema.ts";

/** What of the configuration the checks are given. */
export function checkSettings({ settings, gcp }: Pick<Config, "settings" | "gcp">): CheckSettings {
  const { own_domains, own_projects, anthropic_customer_id } = gcp;
  return { ...settings, gcp: { own_domains, own_projects, anthropic_customer_id } };
}

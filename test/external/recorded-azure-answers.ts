// Answers of the real Azure as the Cloud Custodian project recorded them over REST.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface AzureRecording {
  readonly file: string;
  /** As the call table names it, or in that form. */
  readonly call: string;
  readonly url: URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Interaction {
  readonly request: { readonly method: string; readonly uri: string };
  readonly response: {
    readonly status: { readonly code: number };
    readonly headers: Readonly<Record<string, readonly string[]>>;
    readonly body: { readonly data?: Body; readonly string?: Body };
  };
}
type Body = string | Readonly<Record<string, unknown>>;

/** What was asked, by method, host and path. */
const calls: readonly (readonly [RegExp, string])[] = [
  [/^GET management\.azure\.com\S*\/roleAssignments$/i, "authorization:ListRoleAssignments"],
  [/^GET management\.azure\.com\S*\/roleDefinitions\/[\w-]+$/i, "authorization:GetRoleDefinition"],
  [/^GET management\.azure\.com\S*\/roleDefinitions$/i, "authorization:ListRoleDefinitions"],
  [/^GET management\.azure\.com\S*\/diagnosticSettings$/i, "insights:ListDiagnosticSettings"],
  [/^GET management\.azure\.com\S*\/providers\/Microsoft\.KeyVault\/vaults$/i, "keyvault:ListVaults"],
  [/^GET management\.azure\.com\S*\/providers\/Microsoft\.KeyVault\/vaults\/[\w-]+$/i, "keyvault:GetVault"],
  [/^PUT management\.azure\.com\S*\/accessPolicies\/add$/i, "keyvault:UpdateAccessPolicy"],
  [/^GET management\.azure\.com\S*\/providers\/Microsoft\.Compute\/virtualMachines$/i, "compute:ListVirtualMachines"],
  [/^GET management\.azure\.com\S*\/providers\/Microsoft\.Network\/publicIPAddresses$/i, "network:ListAddresses"],
  [/^GET management\.azure\.com\S*\/providers\/Microsoft\.Network\/loadBalancers$/i, "network:ListLoadBalancers"],
  [/^GET \S+\.vault\.azure\.net\/keys$/, "keyvault:ListKeyItems"],
  [/^GET \S+\.vault\.azure\.net\/keys\/[\w-]+\/$/, "keyvault:GetKeyBundle"],
  [/^GET \S+\.vault\.azure\.net\/keys\/[\w-]+\/rotationpolicy$/, "keyvault:GetRotationPolicy"],
  [/^PATCH \S+\.vault\.azure\.net\/keys\/[\w-]+\/$/, "keyvault:UpdateKey"],
  [/^POST graph\.windows\.net\S*\/getObjectsByObjectIds$/, "graph:GetObjectsOfOldGraph"],
];

const folder = join(process.env["KEYPOSTURE_RECORDED"] ?? "", "azure");

/** Every recording. Throws where nobody knows what was asked. */
export function azureRecordings(): readonly AzureRecording[] {
  return globSync("*.json", { cwd: folder })
    .toSorted()
    .flatMap((file) => {
      const { interactions } = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
        readonly interactions: readonly Interaction[];
      };
      return interactions.map(({ request, response }) => {
        const url = new URL(request.uri);
        const asked = `${request.method} ${url.host}${url.pathname}`;
        const call = calls.find(([form]) => form.test(asked))?.[1];
        if (call === undefined) throw new Error(`${file}: ${asked} is of no call that is known`);
        const headers = Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]),
        );
        return { file, call, url, status: response.status.code, headers, body: bodyOf(response.body) };
      });
    });
}

function bodyOf({ data, string }: Interaction["response"]["body"]): Readonly<Record<string, unknown>> {
  const body = data ?? string ?? "{}";
  return typeof body === "string" ? (JSON.parse(body || "{}") as Readonly<Record<string, unknown>>) : body;
}

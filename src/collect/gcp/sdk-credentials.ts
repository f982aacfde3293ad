/** Whose identity everything is read with. Knows no call but the one by which a service account is taken on. */
import { type AuthClient, GoogleAuth, gcpMetadata, OAuth2Client, PassThroughClient } from "google-auth-library";
import type { Clock } from "../clock.ts";
import { Refused } from "../refusal.ts";
import { rememberCredentials } from "../remember-credentials.ts";
import type { Request } from "../request.ts";
import type { Turn } from "../turn.ts";
import type { GcpCall } from "./calls.ts";
import { classifyGcpError } from "./classify-error.ts";

/** From the configuration, `gcp`. */
export interface GcpIdentity {
  /** The project whose quota is used, and which the service may use; null where it follows from the credentials. */
  readonly quota_project: string | null;
  /** The service account that is taken on; null where the service's own identity reads. */
  readonly impersonate: string | null;
}

export interface SdkCredentialsOptions {
  readonly request: Request;
  readonly clock: Clock;
  readonly identity: GcpIdentity;
  /** Who gives tokens of other service accounts; tests bring their own. */
  readonly tokenService?: string;
}

export interface SdkCredentials {
  /**
   * The client that authorizes requests, with a token that is good for a while. Throws `Refused` where there are no
   * credentials, or where they are not accepted.
   */
  authorized(turn: Turn): Promise<AuthClient>;
}

/** Cloud KMS, IAM and organization policies accept no narrower one; what may be read is decided by the roles. */
const scopes = ["https://www.googleapis.com/auth/cloud-platform"];

/** Asking for a token has no time limit of its own, in milliseconds. */
const transporterOptions = { timeout: 10_000 };

/**
 * Application default credentials: a file, workload identity, or a metadata server, and with `impersonate` a service
 * account's in their place. https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function createSdkCredentials({
  request,
  clock,
  identity,
  tokenService = "https://iamcredentials.googleapis.com",
}: SdkCredentialsOptions): SdkCredentials {
  let own: AuthClient | undefined;
  const ensureOwn = rememberCredentials(clock, async () => {
    own ??= await findCredentials();
    // Renews the token where it ends soon, and otherwise asks nobody.
    await own.getRequestHeaders("https://cloudkms.googleapis.com/").catch(refuseToken);
    return {};
  });
  const ownClient = async (turn: Turn) => {
    await ensureOwn.ensure(turn);
    if (own === undefined) throw new TypeError("there are credentials, and no client for them");
    return own;
  };
  const { quota_project, impersonate } = identity;
  if (impersonate === null) {
    return {
      async authorized(turn) {
        const client = await ownClient(turn);
        if (quota_project !== null) client.quotaProjectId = quota_project;
        return client;
      },
    };
  }

  const client = new OAuth2Client({ transporterOptions });
  if (quota_project !== null) client.quotaProjectId = quota_project;
  const taken = rememberCredentials(clock, async (turn) => {
    const source = await ownClient(turn);
    const call: GcpCall = "iamcredentials:GenerateAccessToken";
    const token = await request({ call, scope: `iamcredentials/${impersonate}`, ...turn }, () =>
      generateAccessToken(source, tokenService, impersonate),
    );
    client.setCredentials({ access_token: token.access, expiry_date: token.expiration.getTime() });
    return token;
  });
  return {
    async authorized(turn) {
      await taken.ensure(turn);
      return client;
    },
  };
}

/** Sends nothing that would open anything: for a local server. */
export function localCredentials(): SdkCredentials {
  const client = new PassThroughClient({
    transporterOptions: { ...transporterOptions, noProxy: [/^http:\/\/127\.0\.0\.1:/] },
  });
  return { authorized: () => Promise.resolve(client) };
}

async function findCredentials(): Promise<AuthClient> {
  // A metadata server that did not answer once may be there now: that of a cluster comes up after the service.
  gcpMetadata.resetIsAvailableCache();
  // With a project given, the library does not go and look for one: nothing here needs it.
  const auth = new GoogleAuth({ scopes, projectId: "none", clientOptions: { transporterOptions } });
  try {
    return await auth.getClient();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Refused(noCredentials(error.message), error);
  }
}

function noCredentials(said: string) {
  const found = said.startsWith("Could not load the default credentials") ? "" : ` (${said})`;
  const detail = `no Google Cloud credentials: neither the file of GOOGLE_APPLICATION_CREDENTIALS, nor that of "gcloud auth application-default login", nor a metadata server gave any; set one of them up${found}`;
  return { reason: "access-denied", detail, again: "no", call: "credentials", credentials: "missing" } as const;
}

/** Why there is no token: what the token's server said, else whatever the credentials lack. */
function refuseToken(error: unknown): never {
  if (error instanceof TypeError || !(error instanceof Error)) throw error;
  const refusal = classifyGcpError(error) ?? { reason: "access-denied", detail: error.message, again: "no" };
  const detail = `the Google Cloud credentials gave no token: ${refusal.detail}`;
  throw new Refused({ ...refusal, detail, call: "credentials" }, error);
}

/** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken */
async function generateAccessToken(source: AuthClient, service: string, account: string) {
  const { data } = await source.request<Readonly<Record<string, unknown>>>({
    url: `${service}/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:generateAccessToken`,
    method: "POST",
    data: { scope: scopes, lifetime: "3600s" },
    timeout: transporterOptions.timeout,
    retry: false,
  });
  const { accessToken, expireTime } = data;
  const expiration = new Date(typeof expireTime === "string" ? expireTime : Number.NaN);
  if (typeof accessToken !== "string" || Number.isNaN(expiration.getTime())) {
    throw new Refused({ reason: "malformed", detail: "the answer has no token with an end", again: "no" });
  }
  return { access: accessToken, expiration };
}

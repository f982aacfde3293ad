import type { DerivedAwsFact } from "../../src/access/aws/derive.ts";
import type { AwsCall, awsCalls } from "../../src/collect/aws/calls.ts";
import type { AwsKmsKeyFacts } from "../../src/model/aws.ts";
import type { Provider } from "../../src/model/resource.ts";

type AwsSource = (typeof awsCalls)[AwsCall]["facts"][number] | keyof AwsKmsKeyFacts;

/** Which read facts each computed fact rests on. */
export const derivedFactSources: Readonly<Record<Provider, Readonly<Record<string, readonly string[]>>>> = {
  aws: {
    registered_key: ["registration"],
    policy: ["policy_text"],
    policy_access: ["policy_text"],
    grant_access: ["grants"],
    organization_policy_access: ["organization_policies", "reads"],
    trails: ["trail_list", "trail_status", "trail_selectors"],
  } satisfies Record<DerivedAwsFact, readonly AwsSource[]>,
};

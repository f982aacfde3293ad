/** A key policy as AWS evaluates it: its parts, and the questions that can be put to it. */

/** A key policy or resource control policy, taken apart. Nothing in it is interpreted away: texts are as written. */
export interface AwsPolicy {
  /** As written; null where the document has none, which AWS reads as `2008-10-17`. */
  readonly version: string | null;
  readonly id: string | null;
  readonly statements: readonly AwsStatement[];
  /** Every principal that a statement names, once, in the order of the document. */
  readonly principals: readonly AwsPrincipal[];
  /** Texts that somebody was meant to replace, or that can never be what they stand for. */
  readonly placeholders: readonly AwsPlaceholder[];
}

export interface AwsStatement {
  /** Position in the document, from 0. */
  readonly index: number;
  readonly sid: string | null;
  /** Line of the document on which the statement begins, from 1. */
  readonly line: number;
  readonly effect: "Allow" | "Deny";
  /** Null only where the kind of document knows no principals. */
  readonly principals: AwsElement<AwsPrincipal> | null;
  /** Null where the statement names no action: AWS KMS accepts it, and it has no effect. */
  readonly actions: AwsElement<string> | null;
  /** Null where the statement names no resource: AWS KMS accepts it, and it has no effect. */
  readonly resources: AwsElement<string> | null;
  readonly conditions: readonly AwsCondition[];
}

/** `Action`, or `NotAction` where negated, and so on. */
export interface AwsElement<T> {
  readonly negated: boolean;
  readonly values: readonly T[];
}

/** Who an entry of `Principal` is. `text` is the entry as written. */
export type AwsPrincipal =
  | { readonly kind: "anyone"; readonly text: string }
  /** A whole account: its number, or its root ARN; a bare number has no partition of its own. */
  | { readonly kind: "account"; readonly text: string; readonly partition: string | null; readonly account: string }
  | AwsNamedPrincipal
  /** What AWS leaves of a principal that was deleted, or has not translated back to an ARN. */
  | { readonly kind: "unique-id"; readonly text: string; readonly of: "role" | "user" | "other" }
  | { readonly kind: "service"; readonly text: string }
  | { readonly kind: "federated"; readonly text: string }
  /** A whole account by an id that does not show which. */
  | { readonly kind: "canonical-user"; readonly text: string }
  /** Matches nobody, e.g. an ARN with a wildcard inside. */
  | { readonly kind: "invalid"; readonly text: string };

export interface AwsNamedPrincipal {
  /** `role-session` and `federated-user` are STS sessions, the others identities of IAM. */
  readonly kind: "role" | "user" | "role-session" | "federated-user";
  readonly text: string;
  readonly partition: string;
  readonly account: string;
  /** With slashes at both ends, `/` where there is none. Sessions never show it. */
  readonly path: string;
  readonly name: string;
  readonly session: string | null;
}

/** One condition key under one operator. All conditions of a statement must hold. */
export interface AwsCondition {
  /** As written, e.g. `ForAllValues:StringEqualsIfExists`. */
  readonly operator: string;
  /** The operator without prefix and suffix in AWS's spelling, e.g. `StringEquals`; null where AWS documents no such operator. */
  readonly base: AwsOperator | null;
  readonly quantifier: "for-all-values" | "for-any-value" | null;
  readonly if_exists: boolean;
  /** As written. */
  readonly key: string;
  readonly values: readonly string[];
}

export type AwsOperator =
  | "StringEquals"
  | "StringNotEquals"
  | "StringEqualsIgnoreCase"
  | "StringNotEqualsIgnoreCase"
  | "StringLike"
  | "StringNotLike"
  | "NumericEquals"
  | "NumericNotEquals"
  | "NumericLessThan"
  | "NumericLessThanEquals"
  | "NumericGreaterThan"
  | "NumericGreaterThanEquals"
  | "DateEquals"
  | "DateNotEquals"
  | "DateLessThan"
  | "DateLessThanEquals"
  | "DateGreaterThan"
  | "DateGreaterThanEquals"
  | "Bool"
  | "BinaryEquals"
  | "IpAddress"
  | "NotIpAddress"
  | "ArnEquals"
  | "ArnNotEquals"
  | "ArnLike"
  | "ArnNotLike"
  | "Null";

export interface AwsPlaceholder {
  readonly statement: number;
  readonly where: "principal" | "action" | "resource" | "condition";
  /** The condition key, where it stands in a condition. */
  readonly key: string | null;
  readonly text: string;
  readonly kind:
    | "angle-brackets"
    /** `${…}` that this document does not treat as a policy variable. */
    | "not-a-variable"
    /** A tagged id (`wrkspc_…`, `org_…`, `ekey_…`) where AWS sees a UUID. */
    | "tagged-id"
    | "empty"
    | "not-a-uuid";
}

/** What is known of one condition key of a request. Anything not listed for a caller is decided by the request, or unknown. */
export type AwsContextValue =
  | { readonly state: "present"; readonly values: readonly string[] }
  | { readonly state: "absent" }
  | { readonly state: "unknown" }
  /**
   * Not known, but of a form (`*` and `?` as in policies), and where `optional` perhaps absent. `text` is one value of
   * that form that no policy names. It is never a value that belongs to somebody else: see `owner`.
   */
  | {
      readonly state: "form";
      readonly form: string;
      readonly text: string;
      readonly optional: boolean;
      readonly owner: AwsValueOwner;
    };

/**
 * When a policy's value names somebody else's: no wildcard at all (`value`), none in the account part of an ARN, none
 * before the first slash (an organization path), none in what follows the account of an ARN under an ARN operator
 * (`arn-name`); `nobody`: the caller chooses the value.
 */
export type AwsValueOwner = "value" | "arn-account" | "arn-name" | "path-head" | "nobody";

/** Who asks. Made by the functions of src/access/aws/callers.ts. */
export interface AwsCaller {
  readonly kind: "role" | "user" | "root" | "service" | "federated" | "unique-id" | "canonical-user" | "anonymous";
  /** For messages, e.g. `arn:aws:iam::915198916910:role/anthropic-cmek-client-us`, `an unrelated account`. */
  readonly name: string;
  readonly partition: string;
  /** Null for anonymous callers, services, unique ids and canonical users. */
  readonly account: string | null;
  /** The ARN of the role, the user or the root; the service's name; the id. Null where it is none in particular. */
  readonly principal: string | null;
  /** The name of the role's session where it is known. */
  readonly session: string | null;
  /** By condition key in lower case. */
  readonly context: Readonly<Record<string, AwsContextValue>>;
  /** Where it calls from: any address of these ranges; anywhere it likes; or not known. */
  readonly addresses: readonly string[] | "anywhere" | "unknown";
}

/** One question to a policy. */
export interface AwsAccessRequest {
  readonly caller: AwsCaller;
  /** In AWS's spelling, e.g. `kms:Decrypt`. */
  readonly operation: string;
  /** Absent: the request carries none. `any`: whatever the caller likes. Operations that take none ignore it. */
  readonly encryption_context?: Readonly<Record<string, string>> | "any";
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface AwsAccessDecision {
  readonly decision: "allowed" | "denied" | "conditional";
  /** The statement that decides, or whose conditions stay open; null where nothing allows the request. */
  readonly by: AwsStatement | null;
  /** The condition of `by` that decided or stays open; null where it has none. */
  readonly why: AwsConditionResult | null;
  /** Where `conditional`: the names of what is not known, sorted: condition keys, and `sts:RoleSessionName`. */
  readonly on: readonly string[];
  /** Where only some of the caller's addresses are refused: one range that is. */
  readonly refused_addresses: string | null;
}

export interface AwsConditionResult {
  /** Index of the statement that holds the condition. */
  readonly statement: number;
  readonly condition: AwsCondition;
  readonly result: "true" | "false" | "unknown";
  /** What the request had under the key; null where it had nothing, or where that is not known. */
  readonly had: readonly string[] | null;
}

/** How one statement took a request; for messages that say what stops it. */
export interface AwsStatementTrace {
  readonly statement: AwsStatement;
  readonly principal: "true" | "false" | "unknown";
  readonly action: boolean;
  readonly resource: "true" | "false" | "unknown";
  readonly conditions: readonly AwsConditionResult[];
  readonly result: "true" | "false" | "unknown";
  /** The names of what is not known in its parts, as in a decision. */
  readonly on: readonly string[];
}

/** What a key policy lets callers do with this key. */
export interface AwsPolicyAccess {
  readonly policy: AwsPolicy;
  /** Where the key is at home. */
  readonly home: { readonly partition: string; readonly account: string };
  decide(request: AwsAccessRequest): AwsAccessDecision;
  /** The Allows that apply to the request or may apply, whatever the Denies say, in the order of the document. */
  allowing(request: AwsAccessRequest): readonly AwsStatement[];
  /** Every statement's own result, in the order of the document. Slower than `decide`. */
  trace(request: AwsAccessRequest): readonly AwsStatementTrace[];
}

/** What the grants on a key let their grantees do. A grant only adds; it never takes away. */
export interface AwsGrantAccess {
  readonly grants: readonly AwsGrantPermission[];
  /** The grant that allows the request, or null. Retiring principals may `kms:RetireGrant`. */
  decide(request: AwsAccessRequest): AwsGrantDecision;
}

export interface AwsGrantDecision {
  readonly decision: "allowed" | "denied" | "conditional";
  readonly by: AwsGrantPermission | null;
}

export interface AwsGrantPermission {
  readonly id: string;
  readonly name: string | null;
  readonly grantee: AwsPrincipal;
  readonly retiring: AwsPrincipal | null;
  readonly issuing_account: string | null;
  /** As IAM actions, e.g. `kms:Decrypt`. */
  readonly operations: readonly string[];
  readonly constraint: AwsGrantConstraint | null;
}

/** Keys are compared without regard to case, values with. Operations without encryption context are not constrained. */
export interface AwsGrantConstraint {
  readonly kind: "equals" | "subset";
  readonly context: Readonly<Record<string, string>>;
}

/** A resource control policy and where it is attached. */
export interface AwsOrganizationPolicy {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** The resource control policies above a key, as read. */
export interface AwsOrganizationPolicies {
  readonly organization_id: string;
  /** Resource control policies do not apply to the management account's resources. */
  readonly management_account: boolean;
  /** From the root to the account. */
  readonly levels: readonly AwsOrganizationLevel[];
}

export interface AwsOrganizationLevel {
  readonly kind: "root" | "unit" | "account";
  readonly id: string;
  readonly name: string | null;
  readonly policies: readonly AwsOrganizationPolicy[];
}

/** Whether the organization above a key lets a request through. It never gives access, it only takes away. */
export interface AwsOrganizationPolicyAccess {
  readonly management_account: boolean;
  readonly levels: readonly AwsOrganizationLevel[];
  /** `allowed` says that nothing up there stops the request. */
  decide(request: AwsAccessRequest): AwsOrganizationDecision;
}

export interface AwsOrganizationDecision extends AwsAccessDecision {
  /** The policy that stops it or may, and its level; null where none does. */
  readonly policy: AwsOrganizationPolicy | null;
  readonly level: AwsOrganizationLevel | null;
}

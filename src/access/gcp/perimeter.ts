/**
 * Whether service perimeters let the published account's requests in from the whole outbound range.
 * https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules
 */
import type { GcpIngressRule, GcpPerimeter } from "../../model/gcp.ts";
import type { GcpPerimeterAccess } from "../../model/gcp-access.ts";
import { type AddressRange, cutRange, parseRanges, rangeText } from "../addresses.ts";
import { no, type Tri, yes } from "../three-valued.ts";
import {
  type AccessLevels,
  accessLevels,
  all,
  any,
  decided,
  type Judged,
  judgedHolding,
  open,
} from "./access-levels.ts";

export interface GcpPerimeterVerdict {
  readonly decision: "allowed" | "blocked" | "conditional";
  /** Where `conditional`: what it hangs on, sorted. */
  readonly on: readonly string[];
  /** Every perimeter that holds the project and restricts Cloud KMS. */
  readonly perimeters: readonly GcpJudgedPerimeter[];
}

export interface GcpJudgedPerimeter {
  readonly name: string;
  readonly title: string;
  readonly decision: GcpPerimeterVerdict["decision"];
  readonly on: readonly string[];
  /** Addresses that are refused, or may be: `160.79.104.0-160.79.104.255`. */
  readonly refused_addresses: readonly string[];
}

const service = "cloudkms.googleapis.com";

/** `egress` in CIDR form. A text that is no range is passed over: the configuration refuses it. */
export function perimeterVerdict(access: GcpPerimeterAccess, egress: readonly string[]): GcpPerimeterVerdict {
  const levels = accessLevels(access.access_levels);
  const pieces = parseRanges(egress).flatMap((range) => cutRange(range, levels.edges));
  const perimeters = access.perimeters
    .filter(
      ({ resources, restricted_services }) => resources.includes(access.project) && restricts(restricted_services),
    )
    .map((perimeter) => judgePerimeter(perimeter, { project: access.project, levels, pieces }));
  const found = (wanted: GcpPerimeterVerdict["decision"]) => perimeters.some(({ decision }) => decision === wanted);
  const decision = found("blocked") ? "blocked" : found("conditional") ? "conditional" : "allowed";
  const on = decision === "conditional" ? perimeters.flatMap((one) => one.on) : [];
  return { decision, on: [...new Set(on)].toSorted(), perimeters };
}

function restricts(services: readonly string[]): boolean {
  return services.includes(service) || services.includes("*");
}

interface Asked {
  readonly project: string;
  readonly levels: AccessLevels;
  /** Parts of the outbound range that no access level tells apart. */
  readonly pieces: readonly AddressRange[];
}

function judgePerimeter(perimeter: GcpPerimeter, asked: Asked): GcpJudgedPerimeter {
  const answers = asked.pieces.map((piece) => ({ piece, ...letsIn(perimeter, piece, asked) }));
  // Where nobody says from where, nothing is let in for certain.
  if (answers.length === 0)
    return { ...nameOf(perimeter), decision: "conditional", on: ["outbound range"], refused_addresses: [] };
  const least = answers.reduce<Tri>((result, { holds }) => (holds < result ? holds : result), yes);
  const refused = answers.filter(({ holds }) => holds === least && holds !== yes);
  return {
    ...nameOf(perimeter),
    decision: least === yes ? "allowed" : least === no ? "blocked" : "conditional",
    on: least === no ? [] : [...new Set(refused.flatMap(({ on }) => on))].toSorted(),
    refused_addresses: refused.map(({ piece }) => rangeText(piece)),
  };
}

function nameOf({ name, title }: GcpPerimeter): Pick<GcpJudgedPerimeter, "name" | "title"> {
  return { name, title };
}

/**
 * An access level of the perimeter lets in whoever meets it; an ingress rule whom it names, to what it names. Each
 * request may be let in by another rule.
 */
function letsIn({ access_levels, ingress }: GcpPerimeter, piece: AddressRange, asked: Asked): Judged {
  const byLevel = access_levels.map((name) => asked.levels.granted(name, piece));
  const byRule = ingress.map((rule) => ({ rule, holds: ruleLetsIn(rule, piece, asked) }));
  return all(
    requests.map((request) =>
      any([...byLevel, ...byRule.map(({ rule, holds }) => all([holds, decided(coversRequest(rule, request))]))]),
    ),
  );
}

function ruleLetsIn(rule: GcpIngressRule, piece: AddressRange, { levels, project }: Asked): Judged {
  const targets = decided(rule.target_resources.includes("*") || rule.target_resources.includes(project));
  // A resource as source is a network or project of somebody: Anthropic's are not published.
  const sources = [
    ...rule.source_access_levels.map((name) => (name === "*" ? decided(true) : levels.granted(name, piece))),
    ...(rule.source_resources.length > 0 ? [open("the project that Anthropic calls from")] : []),
  ];
  if (sources.length === 0) sources.push(open("an ingress rule without sources"));
  return all([identity(rule), any(sources), targets]);
}

function identity({ identity_type, identities }: GcpIngressRule): Judged {
  if (identity_type === "ANY_IDENTITY" || identity_type === "ANY_SERVICE_ACCOUNT") return decided(true);
  if (identity_type === "ANY_USER_ACCOUNT") return decided(false);
  if (identity_type !== null && identity_type !== "IDENTITY_TYPE_UNSPECIFIED")
    return open(`identities of type ${identity_type}`);
  return any(identities.map(judgedHolding));
}

/** The requests that Anthropic sends, as method and as permission. */
const requests = [
  { method: "Encrypt", permission: "cloudkms.cryptoKeyVersions.useToEncrypt" },
  { method: "Decrypt", permission: "cloudkms.cryptoKeyVersions.useToDecrypt" },
  { method: "GetCryptoKey", permission: "cloudkms.cryptoKeys.get" },
] as const;

function coversRequest({ operations }: GcpIngressRule, { method, permission }: (typeof requests)[number]): boolean {
  if (operations.some((one) => one.service === "*")) return true;
  const selectors = operations.filter((one) => one.service === service).flatMap((one) => one.selectors);
  return selectors.some(
    (selector) => selector === "*" || selector === permission || selector.split(".").at(-1) === method,
  );
}

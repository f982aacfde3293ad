/**
 * Access levels of Access Context Manager, judged for the published account and a part of the outbound range.
 * https://cloud.google.com/access-context-manager/docs/create-basic-access-level
 */
import type { GcpAccessCondition, GcpAccessLevel } from "../../model/gcp.ts";
import { type AddressRange, parseRange, rangeHolds } from "../addresses.ts";
import { maybe, no, not, type Tri, triOf, yes } from "../three-valued.ts";
import { holdingOfPublishedAccount } from "./account-membership.ts";
import { parseGcpMember } from "./parse-member.ts";

/** An answer, and where it is open what it hangs on. */
export interface Judged {
  readonly holds: Tri;
  readonly on: readonly string[];
}

export interface AccessLevels {
  /** Wherever one of the levels tells addresses apart. */
  readonly edges: readonly AddressRange[];
  /** Whether every address of `piece` is granted the level of this name; no edge cuts the piece. */
  readonly granted: (name: string, piece: AddressRange) => Judged;
}

export function accessLevels(levels: readonly GcpAccessLevel[]): AccessLevels {
  const byName = new Map(levels.map((level) => [level.name, level]));
  const ranges = levels.flatMap(({ conditions }) => conditions.flatMap(({ ip_ranges }) => ip_ranges));
  const granted = (name: string, piece: AddressRange, asked: readonly string[]): Judged => {
    const level = byName.get(name);
    // A level that is not listed, has no conditions, or needs itself, is granted to nobody knows whom.
    if (level === undefined || level.custom !== null || level.conditions.length === 0 || asked.includes(name)) {
      return open(`access level ${name}`);
    }
    const inner = (required: string) => granted(required, piece, [...asked, name]);
    const answers = level.conditions.map((condition) => conditionHolds(condition, name, piece, inner));
    return level.combining === "AND" ? all(answers) : any(answers);
  };
  return {
    edges: ranges.flatMap((text) => parseRange(text) ?? []),
    granted: (name, piece) => granted(name, piece, []),
  };
}

function conditionHolds(
  { ip_ranges, members, required_levels, negate, asks_more }: GcpAccessCondition,
  level: string,
  piece: AddressRange,
  granted: (name: string) => Judged,
): Judged {
  const whole = all([
    ip_ranges.length === 0 ? decided(true) : any(ip_ranges.map((text) => inRange(text, piece))),
    members.length === 0 ? decided(true) : any(members.map(judgedHolding)),
    ...required_levels.map(granted),
    asks_more ? open(`access level ${level}`) : decided(true),
  ]);
  return negate ? { ...whole, holds: not(whole.holds) } : whole;
}

function inRange(text: string, piece: AddressRange): Judged {
  const range = parseRange(text);
  return range === undefined ? open(`addresses ${text}`) : decided(rangeHolds(range, piece));
}

/** Whether a member is, or holds, the published account. */
export function judgedHolding(text: string): Judged {
  const holding = holdingOfPublishedAccount(parseGcpMember(text));
  return holding === "perhaps" ? open(`membership of ${text}`) : decided(holding !== "not");
}

export function decided(holds: boolean): Judged {
  return { holds: triOf(holds), on: [] };
}

export function open(on: string): Judged {
  return { holds: maybe, on: [on] };
}

/** The least of all; of none, yes. */
export function all(answers: readonly Judged[]): Judged {
  return extreme(answers, yes, (a, b) => a < b);
}

/** The greatest of all; of none, no. */
export function any(answers: readonly Judged[]): Judged {
  return extreme(answers, no, (a, b) => a > b);
}

function extreme(answers: readonly Judged[], start: Tri, wins: (a: Tri, b: Tri) => boolean): Judged {
  const holds = answers.reduce<Tri>((result, answer) => (wins(answer.holds, result) ? answer.holds : result), start);
  return { holds, on: holds === maybe ? [...new Set(answers.flatMap(({ on }) => on))] : [] };
}

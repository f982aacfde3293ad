import fc from "fast-check";

/** A condition with what it comes to where an unknown part of it is true, and where it is false. */
export interface ArbitraryCondition {
  readonly expression: string;
  readonly value: (unknowns: readonly boolean[]) => boolean;
}

const unknownNames = ["a", "b", "c"];
const atom = fc.oneof(
  fc.constantFrom<ArbitraryCondition>(
    { expression: 'request.time < timestamp("2030-01-01T00:00:00Z")', value: () => true },
    { expression: 'request.time > timestamp("2030-01-01T00:00:00Z")', value: () => false },
    { expression: `resource.name.endsWith("/cmek")`, value: () => true },
    { expression: `resource.type == "cloudkms.googleapis.com/KeyRing"`, value: () => false },
    { expression: "request.time.getDayOfWeek() == 0", value: () => true },
  ),
  fc.nat({ max: 2 }).map(
    (index): ArbitraryCondition => ({
      expression: `resource.matchTag("1/${unknownNames[index]}", "x")`,
      value: (unknowns) => unknowns[index] === true,
    }),
  ),
);
/** Of known and unknown parts, joined in every way; at the time of the tests. */
export const arbitraryGcpCondition = fc.letrec<{ term: ArbitraryCondition }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    atom,
    tie("term").map(
      ({ expression, value }): ArbitraryCondition => ({ expression: `!(${expression})`, value: (of) => !value(of) }),
    ),
    fc.tuple(tie("term"), tie("term")).map(
      ([x, y]): ArbitraryCondition => ({
        expression: `(${x.expression}) && (${y.expression})`,
        value: (of) => x.value(of) && y.value(of),
      }),
    ),
    fc.tuple(tie("term"), tie("term")).map(
      ([x, y]): ArbitraryCondition => ({
        expression: `(${x.expression}) || (${y.expression})`,
        value: (of) => x.value(of) || y.value(of),
      }),
    ),
    fc.tuple(tie("term"), tie("term"), tie("term")).map(
      ([x, y, z]): ArbitraryCondition => ({
        expression: `(${x.expression}) ? (${y.expression}) : (${z.expression})`,
        value: (of) => (x.value(of) ? y.value(of) : z.value(of)),
      }),
    ),
  ),
})).term;

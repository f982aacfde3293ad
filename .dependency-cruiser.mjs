/**
 * Who may import whom, and why. `npm run deps` runs it; test/tools/import-rules.test.ts plants a violation of each rule.
 */

/** Rooms that join or try things and are imported by nothing else: they may import anything. */
const joining = "^(test|bench|tools)/";

/** The folders of src/: what each may import beside itself, and the reason. */
const rooms = {
  model: { may: [], why: "The words that everything shares depend on nothing." },
  guidance: { may: ["model"], why: "The documented rules are data." },
  access: { may: ["model", "guidance"], why: "Who can do what follows from facts and from what is published." },
  check: {
    may: ["model", "guidance"],
    why: "The engine of the checks sees facts and rules, not where they come from.",
  },
  drift: { may: ["model"], why: "A comparison needs the two things compared." },
  config: { may: ["model", "errors"], why: "The configuration is read before anything else exists." },
  errors: { may: ["model", "config"], why: "The table of error codes serves every room and knows none." },
  collect: { may: ["model", "config", "errors"], why: "Collectors have no opinion and no memory: no check, no store." },
  store: { may: ["model", "config", "errors"], why: "The database knows neither clouds nor those who ask." },
  metrics: { may: ["model", "config", "errors"], why: "A metric family is given its rows." },
  export: { may: ["model", "config", "errors"], why: "A writer is given what it writes." },
  notify: { may: ["model", "config", "errors"], why: "A message is given what it tells." },
  audit: {
    may: [
      "model",
      "guidance",
      "access",
      "check",
      "drift",
      "config",
      "errors",
      "collect",
      "store",
      "metrics",
      "export",
      "notify",
    ],
    why: "The order of work stands above those who do it, and below those who say when.",
  },
  schedule: {
    may: ["model", "config", "errors", "collect", "store", "metrics", "export", "notify", "audit"],
    why: "When something runs is decided without knowing what a check is.",
  },
  http: { may: ["model", "config", "errors", "export"], why: "Routes get the store, scans and metrics as arguments." },
  simulator: { may: ["model"], why: "The simulated clouds share no code with what they test." },
  dashboard: { may: [], why: "The page talks to the HTTP API only." },
};

/** Where each package is at home. One that stands in no line may be imported by nothing that runs. */
const homes = [
  {
    packages: ["@aws-sdk", "@smithy"],
    home: "^src/collect/aws/sdk-(clients|handler|reader)\\.ts$",
    why: "The AWS SDK is known where its clients are made and where they are asked.",
  },
  {
    packages: ["@google-cloud", "google-gax", "google-auth-library"],
    home: "^src/collect/gcp/sdk-(clients|credentials|reader)\\.ts$",
    why: "Google's clients are known where they are made, where they get their credentials and where they are asked.",
  },
  {
    packages: ["@azure"],
    home: "^src/collect/azure/sdk-(clients|credentials|reader|wire)\\.ts$",
    why: "Azure's clients are known where they are made, where they get their credentials, where they are asked, and where what they send and get is seen.",
  },
  {
    packages: ["@grpc/proto-loader"],
    home: "^src/simulator/gcp/proto-definitions\\.ts$",
    why: "The simulated Google Cloud speaks gRPC from the definitions that Google's packages carry.",
  },
  {
    packages: ["@bufbuild"],
    home: "^src/access/gcp/",
    why: "Conditions in the Common Expression Language are Google's; protobuf is what that library speaks of time in.",
  },
  { packages: ["better-sqlite3"], home: "^src/store/", why: "SQL is the store's." },
  { packages: ["kysely"], home: "^(src/store|migrations)/", why: "SQL is the store's." },
  {
    packages: ["safe-stable-stringify"],
    home: "^src/(store/|export/evidence-digest\\.ts$)",
    why: "Canonical JSON is how contents are stored, and what an export tells the digest of.",
  },
  { packages: ["fastify", "@fastify", "fastify-type-provider-zod"], home: "^src/http/", why: "Requests are HTTP's." },
  { packages: ["prom-client"], home: "^src/metrics/", why: "The format of metrics is theirs alone." },
  { packages: ["node-cron"], home: "^src/schedule/", why: "Only the schedule knows when." },
  {
    packages: ["p-queue"],
    home: "^src/(collect|audit)/",
    why: "How much happens at once is decided where work is done.",
  },
  { packages: ["commander"], home: "^src/cli/", why: "Only the command line reads arguments." },
  { packages: ["pino"], home: "^src/cli/", why: "Others are given a logger." },
  { packages: ["yaml"], home: "^src/config/", why: "The configuration is the only YAML that is read." },
  {
    packages: ["zod"],
    home: "^src/(config|http)/|^src/collect/(field\\.ts$|[^/]+/schema(\\.ts$|/))",
    why: "What comes from outside is validated once, where it enters.",
  },
];

const ours = "^(src|checks|migrations|test|bench|tools)/";
const pure = "^(checks/[^/]+|src/(model|guidance|access|check|drift))/";

/**
 * The one package that a pure room has: an evaluator of expressions, itself a pure function. A language of our own making
 * would answer otherwise than Google's.
 */
const purePackages = ["@bufbuild"];

/** The pattern of everything inside these packages or scopes. */
function inside(packages) {
  return `(^|/)node_modules/(${packages.join("|")})/`;
}

/** Every violation is an error: there is no list of exceptions. */
function forbid(name, why, from, to) {
  return { name, comment: why, severity: "error", from, to };
}

const roomRules = Object.entries(rooms).map(([room, { may, why }]) =>
  forbid(
    `room-${room}`,
    why,
    { path: `^src/${room}/` },
    {
      path: ours,
      pathNot: [`^src/(${[room, ...may].join("|")})/`, ...(room === "store" ? ["^migrations/"] : [])],
    },
  ),
);

const homeRules = homes.map(({ packages, home, why }) =>
  forbid(`home-of-${packages[0].replace("@", "")}`, why, { pathNot: [home, joining] }, { path: inside(packages) }),
);

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    forbid("no-circles", "What needs each other is one thing, or needs a third.", {}, { circular: true }),
    forbid(
      "nothing-unresolved",
      "An import that leads nowhere is seen by no other rule.",
      {},
      { couldNotResolve: true },
    ),
    ...roomRules,
    forbid(
      "check-imports-define-check-only",
      "A check is a card and a pure function: facts in, answer out; running it is not its business.",
      { path: "^checks/[^/]+/" },
      { path: ours, pathNot: ["^checks/", "^src/check/define-check\\.ts$", "^src/(model|guidance|access)/"] },
    ),
    forbid(
      "check-imports-no-check",
      "Each check can be read, changed and removed alone.",
      { path: "^checks/[^/]+/" },
      { path: "^checks/" },
    ),
    forbid(
      "pure-imports-no-node",
      "The same facts give the same answer on every machine, at every hour.",
      { path: pure },
      { dependencyTypes: ["core"] },
    ),
    forbid(
      "pure-imports-no-package",
      "The same facts give the same answer whatever is installed.",
      { path: pure },
      { path: "(^|/)node_modules/", pathNot: inside(purePackages) },
    ),
    forbid(
      "simulator-imports-no-package",
      // The exception: messages of Google's are in Protocol Buffers, and the loader alone writes and reads them.
      "A simulated cloud that used the SDK would share its mistakes.",
      { path: "^src/simulator/" },
      { path: "(^|/)node_modules/", pathNot: inside(["@grpc/proto-loader"]) },
    ),
    forbid(
      "collector-imports-no-other",
      "Each cloud's folder can be added and removed alone.",
      { path: "^src/collect/([^/]+)/" },
      { path: "^src/collect/[^/]+/", pathNot: "^src/collect/$1/" },
    ),
    forbid(
      "nothing-imports-cli",
      "The command line joins the parts; a part that needs it is joined the wrong way round.",
      { pathNot: ["^src/cli/", joining] },
      { path: "^src/cli/" },
    ),
    forbid(
      "simulator-for-demo-and-tests",
      "What runs in production must not be able to reach a simulated cloud.",
      { pathNot: ["^src/(cli|simulator)/", joining] },
      { path: "^src/simulator/" },
    ),
    forbid(
      "catalogue-is-an-argument",
      "The engine works for any list of checks; the command line hands it the catalogue.",
      { pathNot: ["^checks/", "^src/cli/", joining] },
      { path: "^checks/" },
    ),
    forbid(
      "migrations-import-kysely-only",
      "A migration must mean the same in ten years: it uses no code of ours that moves on.",
      { path: "^migrations/" },
      { path: ours, pathNot: "^migrations/" },
    ),
    forbid(
      "nothing-imports-tests-or-tools",
      "They are not there where the program runs.",
      { path: "^(src|checks|migrations)/" },
      { path: joining },
    ),
    ...homeRules,
    forbid(
      "package-without-a-home",
      "A dependency is taken on deliberately: give it a line under `homes`.",
      { path: "^(src|checks|migrations)/" },
      { path: "(^|/)node_modules/", pathNot: inside(homes.flatMap(({ packages }) => packages)) },
    ),
    forbid(
      "no-development-package-at-run-time",
      "A production install does not have it.",
      { path: "^(src|checks|migrations)/" },
      { dependencyTypes: ["npm-dev"] },
    ),
    forbid(
      "only-declared-packages",
      "What package.json does not name can vanish with the package that brought it.",
      {},
      { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    ),
  ],
  options: {
    // With TypeScript 7 this is the parser that reads .ts files; the default one finds none and says that all is well.
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "(^|/)node_modules/" },
    exclude: { path: "^test/types/refused/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      extensions: [".ts", ".mjs", ".js", ".json"],
      conditionNames: ["import", "types", "node"],
    },
  },
};

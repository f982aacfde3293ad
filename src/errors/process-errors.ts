// What can keep a command or the service from its work.
import type { ErrorCodeEntry } from "./error-code-entry.ts";

export const processErrors = {
  // The configuration.
  "config-not-found": {
    title: "No configuration file",
    status: null,
    exit: 2,
    meaning:
      "The file named by --config or KEYPOSTURE_CONFIG does not exist, or none was named and there is no ./keyposture.yaml.",
    remedy: "Write a keyposture.yaml with the keys to watch, or name the file with --config.",
  },
  "config-unreadable": {
    title: "Configuration file cannot be read",
    status: null,
    exit: 2,
    meaning:
      "The configuration file, or the file of tokens that it names, cannot be read by the service, or is no UTF-8 text.",
    remedy: "Check the path, give the service's user the right to read the file, and save it as UTF-8.",
  },
  "config-invalid": {
    title: "Configuration has mistakes",
    status: null,
    exit: 2,
    meaning:
      "The configuration holds unknown names or values that are not what is expected there. All mistakes are listed.",
    remedy: "Correct each listed place; `keyposture serve --check-config` looks at the file without starting anything.",
  },

  // The command line.
  usage: {
    title: "Wrong use of a command",
    status: null,
    exit: 2,
    meaning: "A command, an option or an argument is unknown, missing or has a value that it cannot have.",
    remedy: "Run the command with --help.",
  },
  "no-keys": {
    title: "No keys to look at",
    status: null,
    exit: 2,
    meaning: "The command needs at least one registered key, and there is none, or none that its options name.",
    remedy: "Add a key under keys: in the configuration, or register one with POST /keys.",
  },
  "document-unreadable": {
    title: "Document cannot be read",
    status: null,
    exit: 2,
    meaning:
      "A file given to a command does not exist, cannot be read, or is not of the format that the command takes.",
    remedy: "Check the path, the rights and the content of the file.",
  },
  "document-unrecognized": {
    title: "Kind of document not recognized",
    status: null,
    exit: 2,
    meaning: "What kind of document a file holds cannot be told from its content.",
    remedy: "Name the kind with --type.",
  },

  // The database.
  "database-newer": {
    title: "Database belongs to a newer version",
    status: null,
    exit: 2,
    meaning: "A newer version has changed the database's tables; this one would misread them.",
    remedy: "Run the newer version, or restore the database from before its first start.",
  },
  "database-corrupt": {
    title: "Database is damaged or no database",
    status: 503,
    exit: 2,
    meaning: "The file named under database: is no SQLite database, or its content is damaged.",
    remedy: "Check the path; restore a damaged database from a backup. Nothing has been overwritten.",
  },
  "database-full": {
    title: "No space for the database",
    status: 503,
    exit: 2,
    meaning: "The disk is full: what was read can be neither stored nor concluded from.",
    remedy: "Make space where the database lies. The next scan continues by itself.",
  },
  "database-busy": {
    title: "Database is busy",
    status: 503,
    exit: 2,
    meaning: "Another process holds the database for longer than it is waited for.",
    remedy: "Stop the other process, or wait for it to finish.",
  },
  "database-in-use": {
    title: "Database is served by another process",
    status: null,
    exit: 2,
    meaning: "Another `keyposture serve` works on the same database; two would take each other's keys away.",
    remedy: "Stop the other process, or name another file under database:.",
  },
  "database-unopenable": {
    title: "Database cannot be opened",
    status: null,
    exit: 2,
    meaning: "The database or its directory does not exist or is not accessible for the service's user.",
    remedy: "Make the directory, and give the service's user the right to write in it.",
  },
  "database-read-only": {
    title: "Database cannot be written",
    status: 503,
    exit: 2,
    meaning: "The database, its directory or its file system lets the service's user read only.",
    remedy: "Give the service's user the right to write the file and its directory.",
  },
  "database-foreign": {
    title: "Database of another program",
    status: null,
    exit: 2,
    meaning: "The file named under database: is an SQLite database that keyposture did not make.",
    remedy: "Name another file; this one has not been touched.",
  },
  "database-io": {
    title: "Database could not be read or written",
    status: 503,
    exit: 2,
    meaning: "The system reported a fault of the disk or the file system.",
    remedy: "Look at the disk and the system's log. The next scan tries again.",
  },
  "migration-failed": {
    title: "Database could not be brought to this version's form",
    status: null,
    exit: 2,
    meaning: "A migration broke; the database is as it was before.",
    remedy: "Report it with the message, and go on with the version before.",
  },

  // The listeners.
  "port-in-use": {
    title: "Port is in use",
    status: null,
    exit: 2,
    meaning: "Another process listens on the address already.",
    remedy: "Stop the other process, or choose another port under server: or metrics: in the configuration.",
  },
  "address-unavailable": {
    title: "Cannot listen on the address",
    status: null,
    exit: 2,
    meaning: "This machine has no such address, or the system does not let the service's user listen on the port.",
    remedy: "Choose another host or port under server: or metrics: in the configuration.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;

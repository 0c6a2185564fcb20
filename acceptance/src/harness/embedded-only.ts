import { type LeftOut, testsOfPlans } from "./left-out.ts";

/**
 * The tests that no acceptance run on PostgreSQL and S3 includes, each with the reason: whole files, and single tests
 * by the names written in their files. All tests of the protocol run on both pairs of engines.
 */
export const embeddedOnly: LeftOut = {
  // Tests of one of the two pairs, or of neither.
  "coverage.test.ts": "reads files and starts nothing",
  "getting-started.test.ts": "the commands of docs/getting-started.md are those of the embedded pair",
  "backup.test.ts": { "a wrong place or option is one line that names it": "is about options and exit codes" },
  "coming-from-imagekit.test.ts": "is about a document; the SDKs' own tests run on both pairs",
  "launcher.test.ts": "is about the command before it runs the server's code",
  "cli.test.ts": "is about settings, exit codes and output",
  "secrets-key.test.ts": "is about a file beside SQLite; remote-file.test.ts shows that the cluster makes none",
  "storage-s3.test.ts": "chooses its storage itself",
  "durability/answer-order.test.ts": "traces the system calls of SQLite and of the blob folder",
  "durability/trace/answer-order.test.ts": "is about the trace itself",
  "durability/trace/disk-history.test.ts": "is about the trace itself",
  "durability/trace/read-trace.test.ts": "is about the trace itself",
  "durability/locked-database.soak.ts": "locks SQLite's file",
  "durability/disk-full.soak.ts": "fills the disks of SQLite and of the blob folder",
  "durability/read-only.test.ts": "makes the folders of the embedded pair read-only",
  "durability/corrupt-blob.test.ts": "damages SQLite's file and those of the blob folder",
  "durability/hanging-database.soak.ts": "brings a PostgreSQL of its own",
  "durability/start-interrupted.test.ts": "brings databases and a store of its own",
  "cli-maintenance.test.ts": {
    "exits with 1 and names the blob when its file was cut short by hand": "damages the blob folder",
    "exits with 1 and names the blob when its file was deleted by hand": "damages the blob folder",
    "finds with --deep what has the right length and other bytes": "damages the blob folder",
    "commands beside a server need its data, and make none": "is about a data folder without SQLite's file",
  },
  "hostile/abort-storm.soak.ts": {
    "of a download leave no descriptors": "looks at open files of the blob folder",
  },
  "log-secrets.test.ts": {
    "an error of the server's own is JSON, invites no retry with the burnt token, and gives nothing away":
      "puts a file in the blob folder's place",
  },
  // Slow tests of code that is the same on both pairs.
  "shutdown.test.ts": "is about signals, connections and exit codes",
  "durability/resumable-restart.test.ts": "the soak kills nodes of the cluster under uploads, in faults/",
  "cli-token.test.ts": "mints and explains tokens on the command line",
  "hostile/slow-clients.soak.ts": "is about connections and bodies; 28 s of waiting",
  "hostile/refused-bodies.test.ts": "is about connections and bodies",
  "refused-body.test.ts": "is about connections and bodies; 19 s of waiting",
  "auto-tagging.test.ts": "is about a model, which knows no engine",
  "virus-scan.test.ts": "is about what is done before anything is stored",
  "hostile/framing.test.ts": "is about HTTP's framing",
  "hostile/held-places.soak.ts": "is about places, connections and the spool",
  "hostile/jwt-attacks.test.ts": "is about what a token says before anything is looked up",
  "admission.test.ts": "is about the spool, which is a folder on both",
  "slow-upload.test.ts": "is about when the parts of a body come",
  "field-order.test.ts": "is about the order of a form's parts",
  "delivery-signatures.test.ts": "is about URLs; delivery-access.test.ts asks both databases who may see what",
  "size-limits.test.ts": testsOfPlans,
  "console-texts.browser.soak.ts": "is about the looks of the console",
  "console.browser.soak.ts": {
    "every view fits a small and a wide screen, dark and light, without a fault that axe finds": "is about looks",
    "at most 300 KB of scripts are loaded before the library shows, gzipped": "is about the console's files",
  },
  "console-library.browser.soak.ts": {
    "what opens over the library fits a small and a wide screen, dark and light, without a fault that axe finds":
      "is about looks",
  },
  "console-settings.browser.soak.ts": {
    "every view fits a small and a wide screen, dark and light, without a fault that axe finds": "is about looks",
  },
  "console-operations.browser.soak.ts": {
    "the views fit a small and a wide screen, dark and light, without a fault that axe finds": "is about looks",
  },
  "console-developers.browser.soak.ts": {
    "%s is without fault for assistive technology, and fits a small screen, in both schemes": "is about looks",
  },
  "cli-account.test.ts": "is about the command line; the transactions behind it are tested on both databases",
};

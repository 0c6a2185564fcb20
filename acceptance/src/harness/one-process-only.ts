import { type LeftOut, testsOfPlans } from "./left-out.ts";

/**
 * The tests that the run on two processes leaves out, each with the reason. That run includes every test that asks a
 * server about files, tokens and URLs.
 */
export const oneProcessOnly: LeftOut = {
  // Tests that start no server, or that start their own for settings, output and signals.
  "coverage.test.ts": "reads files and starts nothing",
  "getting-started.test.ts": "the commands of docs/getting-started.md say nothing of processes",
  "coming-from-imagekit.test.ts": "is about a document; the SDKs' own tests are in this run",
  "cli.test.ts": "is about settings, exit codes and output",
  "launcher.test.ts": "is about the command before it runs the server's code",
  "cli-token.test.ts": "mints and explains tokens on the command line",
  "cli-account.test.ts":
    "is about the command line; changes-hold-at-once.test.ts shows that each process knows the changes",
  "secrets-key.test.ts": "starts several processes itself, as npm test does",
  "changes-hold-at-once.test.ts": "starts two processes itself, as npm test does",
  "durability/resumable-restart.test.ts": "starts several processes itself, as npm test does",
  "durability/start-interrupted.test.ts": "is about a start, in which the supervisor alone touches the data",
  "upgrade.soak.ts": "is about a start on older data, in which the supervisor alone touches it",
  "durability/trace/answer-order.test.ts": "is about the trace itself",
  "durability/trace/disk-history.test.ts": "is about the trace itself",
  "durability/trace/read-trace.test.ts": "is about the trace itself",
  "auto-tagging.test.ts": "is about a model, which runs with the jobs in the supervisor",
  // Slow tests of what a process does without a look at anything that others share.
  "delivery-signatures.test.ts": "is about URLs; delivery-access.test.ts is in this run",
  "hostile/jwt-attacks.test.ts": "is about what a token says before anything is looked up",
  "size-limits.test.ts": testsOfPlans,
  "cli-maintenance.test.ts": {
    "exits with 1 and names the blob when its file was cut short by hand":
      "is about the command, which reads by itself",
    "exits with 1 and names the blob when its file was deleted by hand": "is about the command, which reads by itself",
    "finds with --deep what has the right length and other bytes": "is about the command, which reads by itself",
    "commands beside a server need its data, and make none": "is about a data folder without SQLite's file",
  },
  // Tests of state that each process keeps for itself.
  "api-rate-limit.test.ts": "the number of requests is divided among the processes, and each counts for itself",
  "admission.test.ts":
    "bounds are divided among the processes, which workers.soak.ts shows: a bound of one is one in each",
  "hostile/refused-bodies.test.ts": {
    "an address that has all the places in which bodies are read on leaves one to another":
      "the places are divided among the processes: of two, each process has one",
  },
  "hostile/held-places.soak.ts": {
    "strangers who fill the room and stand still give it up, and leave nothing behind":
      "the room is divided among the processes, and each has enough for what these strangers send it",
  },
  "derived-cache.test.ts": {
    "is not made again, for HEAD, a range or a condition neither": "each process makes what is not yet on the disk",
    "in another spelling of the same is the same": "each process makes what is not yet on the disk",
    "once the file has another version, and is again when the old one comes back":
      "each process makes what is not yet on the disk; what is shown is in changes-hold-at-once.test.ts",
    "by many at once is made once": "it is made once in each process at most, which workers.soak.ts shows",
  },
  "virus-scan.test.ts": {
    "without clamd nothing is stored and no token is used up; with it all goes on":
      "each process finds out by itself, within two seconds, that clamd is gone",
  },
  "durability/answer-order.test.ts": {
    "the proof of %s needs every one of its events, and each in its place":
      "of what two processes do at the same time, more than one order proves it",
  },
};

import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { RestartRequests } from "./cli/restart-requests.ts";
import { restartSignal } from "./workers/restart-signal.ts";

// The one place that reads the environment and handles signals.

const requiredNode = 24;

if (Number(process.versions.node.split(".")[0]) < requiredNode) {
  process.stderr.write(
    `sluice: Node ${requiredNode} is needed, this is ${process.versions.node}; the sluice command finds the one that npm installed\n`,
  );
  process.exit(2);
}

// Without a listener the signal would end the process, and a start with migrations takes minutes.
const restarts = new RestartRequests();
process.on(restartSignal, () => restarts.ask());

// The next start takes a third less processor time. Who can write here could also change the program itself.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("../node_modules/.cache/compiled/", import.meta.url));
enableCompileCache(process.env.NODE_COMPILE_CACHE);

// An older Node would refuse these modules while it links them, before it runs a line of this file.
const { runProgram } = await import("./cli/program.ts");
const { readEnvironmentFile } = await import("./cli/environment.ts");
const { printable } = await import("./cli/printable.ts");
const { statusLine } = await import("./cli/status-line.ts");
const { ShutdownRequest } = await import("./cli/shutdown-request.ts");
const { ConfigError } = await import("./config/config-error.ts");
const { openLogDestination } = await import("./observability/log-destination.ts");

// What Sluice makes is for its owner alone, whoever starts it: the database holds private keys.
process.umask(0o077);

const readEnvironment = openEnvironment();

// Whoever read the output may have gone (a pipe into head): that is no reason for a server to end.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const shutdown = new AbortController();
let askedAt = 0;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    // Whoever asks again does not want to wait. One Ctrl-C can arrive twice, from the terminal and through npm.
    if (shutdown.signal.aborted && performance.now() - askedAt > 1000) process.exit(1);
    askedAt = performance.now();
    shutdown.abort(new ShutdownRequest(signal));
  });
}

await runProgram(process.argv.slice(2), {
  environment: process.env,
  terminal: {
    print: (line) => process.stdout.write(`${printable(line)}\n`),
    printError: (line) => process.stderr.write(`${printable(line)}\n`),
    interactive: process.stdout.isTTY === true,
    showStatus: statusLine(process.stderr, process.env.TERM),
  },
  logDestination: openLogDestination(),
  setExitCode: (code) => {
    process.exitCode = code;
  },
  shutdown: shutdown.signal,
  onRestart: (listener) => restarts.listen(() => listener(readEnvironment)),
});

function openEnvironment() {
  try {
    return readEnvironmentFile(".env", process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`sluice: ${error.message}\n`);
    process.exit(2);
  }
}
